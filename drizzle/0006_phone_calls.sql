ALTER TABLE "calls" RENAME TO "video_calls";--> statement-breakpoint
ALTER TABLE "video_calls" RENAME CONSTRAINT "calls_pkey" TO "video_calls_pkey";--> statement-breakpoint
ALTER TABLE "video_calls" RENAME CONSTRAINT "calls_status_check" TO "video_calls_status_check";--> statement-breakpoint
ALTER TABLE "video_calls" RENAME CONSTRAINT "calls_access_check" TO "video_calls_access_check";--> statement-breakpoint
ALTER TABLE "video_calls" RENAME CONSTRAINT "calls_max_participants_check" TO "video_calls_max_participants_check";--> statement-breakpoint
ALTER INDEX "calls_live_room_id_key" RENAME TO "video_calls_live_room_id_key";--> statement-breakpoint
ALTER INDEX "calls_room_id_newest_idx" RENAME TO "video_calls_room_id_newest_idx";--> statement-breakpoint
ALTER INDEX "calls_created_by_newest_idx" RENAME TO "video_calls_created_by_newest_idx";--> statement-breakpoint
ALTER INDEX "calls_newest_idx" RENAME TO "video_calls_newest_idx";--> statement-breakpoint
ALTER TABLE "call_participants" RENAME CONSTRAINT "call_participants_call_id_calls_id_fk" TO "call_participants_call_id_video_calls_id_fk";--> statement-breakpoint
ALTER TABLE "recordings" RENAME CONSTRAINT "recordings_call_id_calls_id_fk" TO "recordings_call_id_video_calls_id_fk";--> statement-breakpoint
CREATE TABLE "calls" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"phone_number" text NOT NULL,
	"status" text DEFAULT 'initialized' NOT NULL,
	"start_time" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"answered_at" timestamp (3) with time zone,
	"end_time" timestamp (3) with time zone,
	"duration" integer DEFAULT 0 NOT NULL,
	"end_reason" text,
	"provider" text NOT NULL,
	"session_id" text,
	"sdp_offer" text,
	"sdp_answer" text,
	"idempotency_key" text,
	"room_id" text,
	"is_recorded" boolean DEFAULT false NOT NULL,
	"seen_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "calls_status_check" CHECK (status in ('initialized', 'connecting', 'active', 'completed', 'failed')),
	CONSTRAINT "calls_duration_check" CHECK (duration >= 0)
);
--> statement-breakpoint
CREATE UNIQUE INDEX "calls_live_user_key" ON "calls" USING btree ("user_id") WHERE status not in ('completed', 'failed') and room_id is null;--> statement-breakpoint
CREATE UNIQUE INDEX "calls_idempotency_key" ON "calls" USING btree ("user_id","idempotency_key");--> statement-breakpoint
CREATE INDEX "calls_session_id_idx" ON "calls" USING btree ("session_id");--> statement-breakpoint
CREATE INDEX "calls_user_newest_idx" ON "calls" USING btree ("user_id","start_time" DESC NULLS FIRST,"id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "calls_live_idx" ON "calls" USING btree ("id") WHERE status not in ('completed', 'failed');