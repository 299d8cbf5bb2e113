CREATE TABLE "ingest_sessions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"uuid" text,
	"owner_id" text NOT NULL,
	"name" text DEFAULT '' NOT NULL,
	"ice_servers" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"started_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"end_reason" text
);
--> statement-breakpoint
ALTER TABLE "ingest_sessions" ADD CONSTRAINT "ingest_sessions_id_recordings_id_fk" FOREIGN KEY ("id") REFERENCES "public"."recordings"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "ingest_sessions_running_uuid_key" ON "ingest_sessions" USING btree ("uuid") WHERE ended_at is null;