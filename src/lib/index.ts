export { Alarm } from './alarm.ts';
export { AppError, type AppErrorOptions, type Fault } from './app-error.ts';
export { assertNever } from './assert-never.ts';
export { Emitter, type Listenable, type Unsubscribe } from './emitter.ts';
export { newId } from './ids.ts';
export { KeyedQueue } from './keyed-queue.ts';
export { retry } from './retry.ts';
export { QueueClosedError, SerialQueue } from './serial-queue.ts';
export { UndoStack } from './undo-stack.ts';
