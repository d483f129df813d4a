/** What the element says, in Japanese. */

import type { WidgetText } from './text.ts'

export const text: WidgetText = {
  download: 'すべてダウンロード',
  downloadSelected: '選択したものをダウンロード',
  files: (_, formatted) => `${formatted} 個のファイル`,
  chosen: (count, all) => `${all}中 ${count} 個`,
  empty: 'ファイルがありません',
  preparing: '準備中',
  running: 'ダウンロード中',
  waiting: 'ネットワークを待っています',
  paused: '一時停止中',
  byPage: 'このページが保存しています。開いたままにしてください',
  done: 'ダウンロードしました',
  failed: 'ダウンロードできませんでした',
  cancelled: 'キャンセルしました',
  keepOpen: 'このページを開いたままにしてください',
  of: (done, total) => `${done} / ${total}`,
  left: (time) => `残り ${time}`,
  pause: '一時停止',
  resume: '再開',
  cancel: 'キャンセル',
  retry: '再試行',
  again: 'もう一度',
  interrupted: (name, share) => `${name} を再開${share && `（${share}）`}`,
  choose: 'ファイルを選択',
  all: 'すべてのファイル',
  progress: '進行状況',
  reason: (error, file) =>
    file === undefined ? error.message : `「${file}」をダウンロードできませんでした。`,
  leftOut: (_, formatted) => `${formatted} 個のファイルを除外しました`,
  separator: '、',
}
