/** How a recording of one publisher is made, whatever is asked of other recordings: in the whole frame, as MP4. */
import type { RecordingConfig } from '../config/index.ts';
import type { RecordingPlan } from './plan.ts';

export function asSingleMp4({
  resolution,
  framerate,
  videoBitrate,
  audioBitrate,
}: RecordingConfig): Pick<RecordingPlan, 'layout' | 'format' | 'video' | 'audio'> {
  return {
    layout: 'single',
    format: 'mp4',
    video: { codec: 'h264', bitrate: videoBitrate, ...resolution, framerate },
    audio: { codec: 'aac', bitrate: audioBitrate },
  };
}
