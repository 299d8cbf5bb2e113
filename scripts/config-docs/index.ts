export { findStaleDocuments, writeDocuments } from './documents.ts';
