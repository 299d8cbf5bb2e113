CREATE TABLE "call_participants" (
	"id" uuid PRIMARY KEY NOT NULL,
	"call_id" uuid NOT NULL,
	"user_id" text NOT NULL,
	"name" text,
	"role" text DEFAULT 'participant' NOT NULL,
	"hidden" boolean DEFAULT false NOT NULL,
	"metadata" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"joined_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"left_at" timestamp (3) with time zone,
	"leave_reason" text
);
--> statement-breakpoint
CREATE TABLE "calls" (
	"id" uuid PRIMARY KEY NOT NULL,
	"room_id" text NOT NULL,
	"title" text,
	"type" text DEFAULT 'video' NOT NULL,
	"status" text DEFAULT 'scheduled' NOT NULL,
	"created_by" text,
	"access" text NOT NULL,
	"invited" text[] DEFAULT '{}'::text[] NOT NULL,
	"max_participants" integer DEFAULT 50 NOT NULL,
	"settings" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"metadata" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"scheduled_at" timestamp (3) with time zone,
	"started_at" timestamp (3) with time zone,
	"ended_at" timestamp (3) with time zone,
	"end_reason" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "calls_status_check" CHECK (status in ('scheduled', 'active', 'ended')),
	CONSTRAINT "calls_access_check" CHECK (access in ('open', 'invited')),
	CONSTRAINT "calls_max_participants_check" CHECK (max_participants > 0)
);
--> statement-breakpoint
ALTER TABLE "call_participants" ADD CONSTRAINT "call_participants_call_id_calls_id_fk" FOREIGN KEY ("call_id") REFERENCES "public"."calls"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "call_participants_call_id_idx" ON "call_participants" USING btree ("call_id","joined_at");--> statement-breakpoint
CREATE INDEX "call_participants_user_id_idx" ON "call_participants" USING btree ("user_id","joined_at" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "call_participants_present_idx" ON "call_participants" USING btree ("call_id") WHERE left_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "calls_live_room_id_key" ON "calls" USING btree ("room_id") WHERE status <> 'ended';--> statement-breakpoint
CREATE INDEX "calls_room_id_newest_idx" ON "calls" USING btree ("room_id","created_at" DESC NULLS FIRST,"id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "calls_created_by_newest_idx" ON "calls" USING btree ("created_by","created_at" DESC NULLS FIRST,"id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "calls_newest_idx" ON "calls" USING btree ("created_at" DESC NULLS FIRST,"id" DESC NULLS FIRST);