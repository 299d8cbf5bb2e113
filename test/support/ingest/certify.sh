#!/usr/bin/env bash
# Makes an authority, and certificates of it for a server and a client on localhost, in the folder that is given.
set -eu
cd "$1"
openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 2 -subj /CN=tests
for name in server client; do
  openssl req -newkey rsa:2048 -nodes -keyout "$name.key" -out "$name.csr" -subj /CN=localhost
  echo subjectAltName=DNS:localhost,IP:127.0.0.1 >"$name.ext"
  openssl x509 -req -in "$name.csr" -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -out "$name.pem" -extfile "$name.ext"
done
