/** 怎么, 能不能, 是不是 and the like: words of somebody who wants to know. */
export const ASKING =
  /[?？]|吗|怎么|咋|能不能|可不可以|可以不|能不|行不行|要不要|是不是|算不算|有没有|多久|多少|几年|几天|合法|违法|犯法|谁(?:来|管|负责|承担)|该不该|法.{0,3}条|什么规定/

/** Words by which a question to the assistant is one of law or policy, and not of the weather. */
export const OF_LAW =
  /法|罪|判(?!断)|赔|告(?!诉)|起诉|官司|律师|仲裁|合同|协议|继承|遗[产嘱]|离婚|彩礼|抚养|赡养|补[偿贴助]|低保|社保|医保|养老金?|工伤|工资|征[地收]|宅基地|承包|土地|产权|登记|户口|执照|许可|商标|专利|税|罚|拘留|政策|规定|依据|权利?|义务|责任|证(?:明|件|书)|手续/
