/** What the element says, in Chinese (simplified). */

import type { WidgetText } from './text.ts'

export const text: WidgetText = {
  download: '全部下载',
  downloadSelected: '下载所选文件',
  files: (_, formatted) => `${formatted} 个文件`,
  chosen: (count, all) => `已选 ${count}，共 ${all}`,
  empty: '没有文件',
  preparing: '正在准备',
  running: '正在下载',
  waiting: '正在等待网络',
  paused: '已暂停',
  byPage: '由本页面保存，请不要关闭',
  done: '下载完成',
  failed: '下载失败',
  cancelled: '已取消',
  keepOpen: '请保持此页面打开',
  of: (done, total) => `${done} / ${total}`,
  left: (time) => `剩余 ${time}`,
  pause: '暂停',
  resume: '继续',
  cancel: '取消',
  retry: '重试',
  again: '再次下载',
  interrupted: (name, share) => `继续下载 ${name}${share && `（${share}）`}`,
  choose: '选择文件',
  all: '所有文件',
  progress: '进度',
  reason: (error, file) => (file === undefined ? error.message : `无法下载“${file}”。`),
  leftOut: (_, formatted) => `已跳过 ${formatted} 个文件`,
  separator: '，',
}
