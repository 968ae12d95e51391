import { compileGazetteer } from '../../src/understanding/understand.ts'

/** A village with nine groups, some places of known group and a few listed people. */
export const village = compileGazetteer({
  groups: ['1', '2', '3', '4', '5', '6', '7', '8', '9'],
  places: [
    { name: '村口' },
    { name: '晒谷场' },
    { name: '村委会' },
    { name: '小学' },
    { name: '文化广场' },
    { name: '水库' },
    { name: '后山' },
    { name: '桥头' },
    { name: '王家湾', group: '7' },
  ],
  people: [
    { name: '周建国', role: 'grid-worker' },
    { name: '赵会计', role: 'villager' },
  ],
})
