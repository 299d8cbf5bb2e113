# The commands of the project under the names that make users expect. Each calls a script of package.json.
BUN ?= npx --yes bun@1.4.5
IMAGE ?= kaa:latest

.PHONY: help run api migrate seed migrate-create test check bench docker-build docker-run

help: ## Tells what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/'

run: ## Sets up what is missing, and serves
	$(BUN) run start

api: run ## The same

migrate: ## Brings the database up to date; the server does so itself at its start
	$(BUN) run migrate

seed: ## Migrates, then runs database/seeds/*.sql in the order of their names
	$(BUN) run seed

migrate-create: ## Writes a migration for what changed in the schema: make migrate-create name=add_something
	@test -n "$(name)" || (echo 'Give it a name: make migrate-create name=add_something' >&2; exit 2)
	$(BUN) run migrate:create $(name)

test: ## Runs every test
	$(BUN) run test

check: ## Formatting, types, layers, unused code
	$(BUN) run check

bench: ## Runs the benchmarks
	$(BUN) run bench

docker-build: ## Builds the image; IMAGE names it
	docker build -t $(IMAGE) .

docker-run: ## Serves from the image, with settings of .env
	docker run --rm --env-file .env -p 3000:3000 $(IMAGE)
