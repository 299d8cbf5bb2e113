CREATE TABLE "live_streams" (
	"stream_id" text PRIMARY KEY NOT NULL,
	"stream_key" text NOT NULL,
	"recording_id" uuid,
	"playlist_url" text,
	"started_at" timestamp (3) with time zone,
	"ended_at" timestamp (3) with time zone,
	"taken_until" timestamp (3) with time zone,
	"object_key" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "live_streams_object_key_key" UNIQUE("object_key")
);
--> statement-breakpoint
ALTER TABLE "live_streams" ADD CONSTRAINT "live_streams_recording_id_recordings_id_fk" FOREIGN KEY ("recording_id") REFERENCES "public"."recordings"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "live_streams_stream_key_idx" ON "live_streams" USING btree ("stream_key");--> statement-breakpoint
CREATE INDEX "live_streams_recording_id_idx" ON "live_streams" USING btree ("recording_id");