export { CallJournal } from './journal.ts';
export { JournalRepository } from './repository.ts';
export { JournalWriter } from './writer.ts';
