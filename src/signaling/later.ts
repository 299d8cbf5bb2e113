/** An answer that comes when it comes: the messages behind it do not wait. */
export class Later<T> {
  readonly promise: Promise<T>;

  constructor(promise: Promise<T>) {
    this.promise = promise;
  }
}
