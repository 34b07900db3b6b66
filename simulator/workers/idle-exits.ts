import type { Agenda } from '../agenda';
import type { Chance } from '../chance';
import type { Crew, Worker } from './crew';

interface IdleExitModel {
  readonly agenda: Agenda;
  readonly chance: Chance;
  readonly onIdle: (worker: Worker) => void;
}

/** Ends workers that have had no job for their idle time. */
export class IdleExits {
  /** Idle times of workers of the shared crew: those of a warm floor have another one. */
  private readonly times = new Set<number>();

  constructor(private readonly model: IdleExitModel) {}

  /** A worker has started. */
  watch(crew: Crew, { idleExitSeconds }: Worker): void {
    if (!crew.isShared) this.watchIdle(crew, idleExitSeconds);
    else if (!this.times.has(idleExitSeconds)) {
      this.times.add(idleExitSeconds);
      this.lookLater(crew, idleExitSeconds);
    }
  }

  /** The last job of a crew has ended. */
  watchCrew(crew: Crew): void {
    if (crew.isShared) for (const seconds of this.times) this.watchIdle(crew, seconds);
    else for (const { idleExitSeconds } of crew.workers) this.watchIdle(crew, idleExitSeconds);
  }

  private watchIdle(crew: Crew, idleExitSeconds: number): void {
    const { agenda, onIdle } = this.model;
    const { taken } = crew;
    agenda.at(agenda.now + idleExitSeconds, () => {
      if (crew.taken !== taken || crew.free < crew.slots) return;
      for (const worker of [...crew.workers])
        if (worker.idleExitSeconds === idleExitSeconds) onIdle(worker);
    });
  }

  /** Looks once in every idle time which workers of many had no job in it. */
  private lookLater(crew: Crew, idleExitSeconds: number): void {
    const { agenda } = this.model;
    const { taken } = crew;
    const busy = crew.slots - crew.free;
    agenda.at(agenda.now + idleExitSeconds, () => {
      this.endIdle(crew, idleExitSeconds, crew.taken - taken + busy);
      if (crew.workers.length > 0) this.lookLater(crew, idleExitSeconds);
      else this.times.delete(idleExitSeconds);
    });
  }

  /**
   * Any worker may have got each of the jobs, so a part of them has got none. An idle time begins
   * after each job, so more of them end here than if all had begun at once.
   */
  private endIdle(crew: Crew, idleExitSeconds: number, jobs: number): void {
    const { chance, onIdle } = this.model;
    const count = crew.workers.length;
    if (count === 0 || jobs === 0) return;
    const idle = count * (1 - 1 / count) ** jobs * Math.max(1, jobs / count);
    const most = Math.floor(crew.free / (crew.slots / count));
    const leaving = Math.min(most, Math.floor(idle + chance.uniform()));
    for (let left = leaving; left > 0; left -= 1) {
      const worker = crew.workers[chance.below(crew.workers.length)];
      if (worker?.idleExitSeconds === idleExitSeconds) onIdle(worker);
    }
  }
}
