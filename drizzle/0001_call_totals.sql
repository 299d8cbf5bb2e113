ALTER TABLE "call_participants" ADD COLUMN "talk_time_ms" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "call_participants" ADD COLUMN "chat_messages" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "call_participants" ADD COLUMN "bytes_received" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "call_participants" ADD COLUMN "bytes_sent" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "call_participants" ADD COLUMN "average_score" real;