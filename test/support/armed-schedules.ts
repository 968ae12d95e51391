import { fromWallTime, HOUR, MINUTE, wallTime } from '../../src/clock.ts'
import { ASSISTANT } from '../../src/db/audit.ts'
import type { Database, Village } from '../../src/db/database.ts'
import { ruleAt } from '../../src/features/schedules/read-change.ts'
import { asJson, change } from '../../src/features/schedules/schedule.ts'
import { importVillage } from '../../src/village/import-village.ts'
import { parseVillageFile } from '../../src/village/village-file.ts'

/** A village with so many rooms that are reminded. */
export async function villageOfRooms(database: Database, name: string, rooms: number, now: Date): Promise<Village> {
  const file = parseVillageFile({
    name,
    rooms: Array.from({ length: rooms }, (_, n) => ({ id: `room${n}`, kind: 'villagers' })),
    people: [{ name: '陈书记', role: 'secretary' }],
  })
  const binding = { now, bindTo: 'pipe', conversationPrefix: `${name}:` }
  return database.transaction((tx) => importVillage(tx, file, binding))
}

/**
 * Arms so many schedules that are reminded of in every room of the village at `due`, an hour before they begin. `due` is
 * a whole minute.
 */
export async function armMany(database: Database, village: Village, count: number, due: Date): Promise<void> {
  const rooms = await database.db.room.findMany({ where: { villageId: village.id } })
  const before = new Date(due.getTime() - MINUTE)
  for (let n = 0; n < count; n++) {
    await database.transaction(async (tx) => {
      const draft = await tx.schedule.create({
        data: {
          villageId: village.id,
          no: n + 1,
          status: 'draft',
          title: `第${n + 1}件事`,
          kind: 'other',
          rule: asJson(ruleAt(new Date(due.getTime() + HOUR), null, village.timezone)),
          leads: [{ minutes: 60 }],
          roomIds: rooms.map((room) => room.id),
          urgent: true,
          text: '',
          authorId: 1,
          channel: 'pipe',
          conversation: 'x',
          private: true,
          draftedAt: before,
          updatedAt: before,
        },
      })
      const update = { status: 'armed', remindedUntil: before }
      await change(tx, village, draft, update, { event: 'schedule-confirm', by: ASSISTANT, at: before })
    })
  }
}

/** The last whole minute of the wall. */
export function thisMinute(now: Date): Date {
  const { year, month, day, hour, minute } = wallTime(now, 'Asia/Shanghai')
  return fromWallTime({ year, month, day, hour, minute }, 'Asia/Shanghai')
}
