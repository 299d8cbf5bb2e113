/** How many streams a worker sends out. */
import type { Worker } from 'mediasoup/types';

/** Counts from now on, pipes between workers included. */
export function countConsumers(worker: Worker): { readonly count: number } {
  const consumers = { count: 0 };
  worker.observer.on('newrouter', (router) => {
    router.observer.on('newtransport', (transport) => {
      transport.observer.on('newconsumer', (consumer) => {
        consumers.count += 1;
        consumer.observer.once('close', () => {
          consumers.count -= 1;
        });
      });
    });
  });
  return consumers;
}
