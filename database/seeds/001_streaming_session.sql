-- A streaming session for trying things out: its source is the user "demo", and its stream key is "demo".
-- Do not run seeds where strangers can reach the server.
insert into streaming_sessions (id, client_id, stream_key_hash)
values (
  '00000000-0000-7000-8000-000000000001',
  'demo',
  encode(sha256('demo'::bytea), 'hex')
)
on conflict (id) do nothing;
