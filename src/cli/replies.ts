/** What is answered while nobody has given the assistant a corpus to answer from. */
export const NO_ANSWERS_YET = '还没有这项功能，请向本村的法律明白人咨询，或拨打 12348 法律服务热线。'
