CREATE TABLE "session_operators" (
	"session_id" uuid NOT NULL,
	"user_id" text NOT NULL,
	"joined_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "session_operators_session_id_user_id_pk" PRIMARY KEY("session_id","user_id")
);
--> statement-breakpoint
CREATE TABLE "streaming_sessions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"client_id" text NOT NULL,
	"stream_key_hash" text NOT NULL,
	"status" text DEFAULT 'waiting' NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"started_at" timestamp (3) with time zone,
	"finished_at" timestamp (3) with time zone,
	"finish_reason" text,
	CONSTRAINT "streaming_sessions_status_check" CHECK (status in ('waiting', 'active', 'finished'))
);
--> statement-breakpoint
ALTER TABLE "session_operators" ADD CONSTRAINT "session_operators_session_id_streaming_sessions_id_fk" FOREIGN KEY ("session_id") REFERENCES "public"."streaming_sessions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "streaming_sessions_open_idx" ON "streaming_sessions" USING btree ("status","created_at") WHERE status <> 'finished';--> statement-breakpoint
CREATE INDEX "streaming_sessions_client_newest_idx" ON "streaming_sessions" USING btree ("client_id","created_at" DESC NULLS FIRST);