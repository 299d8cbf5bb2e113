CREATE TYPE "public"."recording_status" AS ENUM('recording', 'processing', 'completed', 'failed');--> statement-breakpoint
CREATE TABLE "recording_files" (
	"recording_id" uuid NOT NULL,
	"name" text NOT NULL,
	"kind" text NOT NULL,
	"size" bigint NOT NULL,
	"type" text NOT NULL,
	"key" text NOT NULL,
	"sha256" text NOT NULL,
	CONSTRAINT "recording_files_recording_id_name_pk" PRIMARY KEY("recording_id","name")
);
--> statement-breakpoint
CREATE TABLE "recordings" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"stream_id" text,
	"video_id" text,
	"file_path" text DEFAULT '' NOT NULL,
	"duration" integer DEFAULT 0 NOT NULL,
	"file_size" bigint DEFAULT 0 NOT NULL,
	"status" "recording_status" DEFAULT 'recording' NOT NULL,
	"started_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"completed_at" timestamp (3) with time zone,
	"call_id" uuid,
	"room_id" text,
	"owner_id" text,
	"name" text DEFAULT '' NOT NULL,
	"phase" text,
	"progress" real DEFAULT 0 NOT NULL,
	"failure_reason" text,
	"plan" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"track_count" integer DEFAULT 0 NOT NULL,
	"storage" text,
	"deleted_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "recordings_kind_check" CHECK (kind in ('call', 'ingest', 'live', 'phone')),
	CONSTRAINT "recordings_progress_check" CHECK (progress between 0 and 1)
);
--> statement-breakpoint
ALTER TABLE "recording_files" ADD CONSTRAINT "recording_files_recording_id_recordings_id_fk" FOREIGN KEY ("recording_id") REFERENCES "public"."recordings"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recordings" ADD CONSTRAINT "recordings_call_id_calls_id_fk" FOREIGN KEY ("call_id") REFERENCES "public"."calls"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "idx_recordings_stream_id" ON "recordings" USING btree ("stream_id");--> statement-breakpoint
CREATE INDEX "idx_recordings_status" ON "recordings" USING btree ("status");--> statement-breakpoint
CREATE INDEX "idx_recordings_video_id" ON "recordings" USING btree ("video_id");--> statement-breakpoint
CREATE INDEX "recordings_call_id_idx" ON "recordings" USING btree ("call_id");--> statement-breakpoint
CREATE INDEX "recordings_newest_idx" ON "recordings" USING btree ("started_at" DESC NULLS FIRST,"id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "recordings_owner_newest_idx" ON "recordings" USING btree ("owner_id","started_at" DESC NULLS FIRST,"id" DESC NULLS FIRST);--> statement-breakpoint
CREATE UNIQUE INDEX "recordings_running_call_key" ON "recordings" USING btree ("call_id") WHERE status = 'recording' and deleted_at is null;