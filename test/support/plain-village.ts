import { parseVillageFile, type VillageFile } from '../../src/village/village-file.ts'

/** A small village for runs that count: one grid, two rooms, a grid worker and a secretary. */
export function plainVillage(name: string, places: string[]): VillageFile {
  return parseVillageFile({
    name,
    groups: ['1', '2', '3'],
    grids: [{ name: '一网格', groups: ['1', '2', '3'] }],
    places,
    rooms: [
      { id: 'villagers', kind: 'villagers' },
      { id: 'grid', kind: 'grid' },
    ],
    people: [
      { name: '老周', role: 'grid-worker', grid: '一网格', duty: true },
      { name: '陈书记', role: 'secretary' },
    ],
  })
}
