/** `/recordings`: what was recorded, for those who may see it; and its files, also by a link. */
import { Elysia } from 'elysia';
import { anybodyPlugin, authPlugin, openerPlugin, type Tokens } from '../auth/index.ts';
import { eventStream, jsonBodies } from '../http/index.ts';
import { fileResponse } from './file-response.ts';
import type { Library } from './library.ts';
import {
  EventsQuery,
  FileParams,
  FileQuery,
  Link,
  RecordingList,
  RecordingParams,
  RecordingResource,
  RecordingsQuery,
  readFileName,
} from './model.ts';

export interface LibraryRoutesDeps {
  readonly library: Library;
  readonly tokens: Tokens;
}

const TAGS = ['Recordings'];

export function libraryRoutes({ library, tokens }: LibraryRoutesDeps) {
  return new Elysia({ name: 'library' })
    .use(shownRoutes({ library, tokens }))
    .use(managedRoutes({ library, tokens }));
}

/** Some of it may be shown to those who have no token. */
function shownRoutes({ library, tokens }: LibraryRoutesDeps) {
  return new Elysia({ name: 'library-shown', prefix: '/recordings', tags: TAGS })
    .use(anybodyPlugin(tokens))
    .get('/', ({ identity, query }) => library.list(identity, query), {
      query: RecordingsQuery,
      response: RecordingList,
      detail: {
        summary: 'The recordings that the caller may see, newest first; all of them for an admin',
        description:
          'Their own, and those of calls that they made, were in, or are invited to. Without a token those of live streams, when LIVE_RECORDINGS_PUBLIC is on.',
      },
    })
    .get('/:id', ({ identity, params }) => library.get(identity, params.id), {
      params: RecordingParams,
      response: RecordingResource,
      detail: {
        summary: 'A recording, with its files once they are there',
        description: '`recording_not_found` also for those who may not see it.',
      },
    });
}

function managedRoutes({ library, tokens }: LibraryRoutesDeps) {
  return new Elysia({ name: 'library-managed', prefix: '/recordings', tags: TAGS })
    .use(jsonBodies())
    .use(authPlugin(tokens))
    .delete(
      '/:id',
      async ({ identity, params, status }) => {
        await library.remove(identity, params.id);
        return status(204, undefined);
      },
      {
        params: RecordingParams,
        detail: {
          summary: 'Delete a recording with all its files',
          description:
            'For the host of its call and admins. What runs is ended first. Answered 204 when nothing is left.',
        },
      },
    )
    .post(
      '/:id/retry',
      async ({ identity, params, status }) => status(202, await library.retry(identity, params.id)),
      {
        params: RecordingParams,
        response: { 202: RecordingResource },
        detail: {
          summary: 'Have the files of a recording that failed made again',
          description:
            'For the host of its call and admins. At once also for one that waits for another attempt; `conflict` for others.',
        },
      },
    )
    .post('/:id/link', ({ identity, params }) => library.link(identity, params.id), {
      params: RecordingParams,
      response: Link,
      detail: {
        summary: 'A token for the files and events of this one recording, for ten minutes',
        description:
          'Taken as `?token=`, for players, downloads and EventSource, which cannot send a header.',
      },
    });
}

/** These take a link instead of a token, so they find out themselves who asks. */
export function recordingFilesRoutes({ library, tokens }: LibraryRoutesDeps) {
  return new Elysia({ name: 'recording-files', prefix: '/recordings/:id', tags: TAGS })
    .use(openerPlugin(tokens))
    .get(
      '/files/*',
      async ({ opener, params, query, request }) => {
        const { storage, ...found } = await library.file(opener, params.id, readFileName(params['*']));
        return fileResponse(storage, { ...found, request, isDownload: query.download !== undefined });
      },
      {
        params: FileParams,
        query: FileQuery,
        detail: {
          summary: 'The bytes of a file, whole or a range of them',
          description:
            'By its name in `files`, its slashes encoded or not. Where the storage has links of its own, this is a redirect to one that works for ten minutes.',
        },
      },
    )
    .get(
      '/events',
      async ({ opener, params, request, server }) => {
        // Whoever may not see it is told so by a status, before any event.
        await library.open(opener, params.id);
        return eventStream({
          request,
          server,
          start: (write, end) => {
            const say = (recording: RecordingResource) => write('progress', recording);
            const stop = library.watch(params.id, { changed: say, removed: end });
            // Looked at again: nothing that happened before the watch began may be missed.
            library.open(opener, params.id).then(say, end);
            return stop;
          },
        });
      },
      {
        params: RecordingParams,
        query: EventsQuery,
        detail: {
          summary: 'How the recording is, and each change of it (server-sent events)',
          description:
            'Events of the name `progress`, each with the whole recording as JSON. Ends when it is deleted.',
        },
      },
    );
}
