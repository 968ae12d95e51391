import { OTHER_TOPIC } from './inquiry.ts'

/** What a file of cards is about, as it stands in a plan of law education. */
const TOPICS: Readonly<Record<string, string>> = {
  animals: '养殖防疫',
  collective: '集体经济',
  consumer: '买东西维权',
  'contracted-land': '承包地',
  contracts: '合同买卖',
  cooperative: '合作社',
  divorce: '离婚',
  environment: '环境保护',
  expropriation: '征地拆迁',
  'fire-safety': '消防安全',
  'forest-water': '山林和水',
  fraud: '防诈骗',
  funeral: '殡葬',
  homestead: '宅基地',
  inheritance: '继承',
  labour: '打工就业',
  loans: '借钱还债',
  marriage: '婚姻',
  minors: '未成年人',
  neighbours: '邻里相处',
  'personal-information': '个人信息',
  persons: '名誉和隐私',
  'public-order': '治安',
  registration: '房产登记',
  relief: '低保和救助',
  remedies: '打官司和调解',
  'self-government': '村民自治',
  'social-insurance': '社保',
  support: '赡养老人',
  torts: '人身损害赔偿',
  traffic: '道路交通',
  'veterans-education': '退役军人和上学',
  violence: '家庭暴力',
  wages: '讨工钱',
  'women-disabled': '妇女和残疾人',
  'work-injury': '工伤',
  [OTHER_TOPIC]: '其他',
}

/** The name of a topic; a topic without one is called by itself. */
export function topicName(topic: string): string {
  return TOPICS[topic] ?? topic
}
