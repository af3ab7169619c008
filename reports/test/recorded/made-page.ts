// The page of a made record: a fortnight's demand of a t2.medium, on three smaller types.
import { findInstanceType, findInstanceTypes, instanceCatalogue } from '../../../model/catalogue/instance-catalogue.ts';
import { readRecorded } from '../../../model/recorded/read-recorded.ts';
import { fortnight, makeFiles } from '../../../model/test/recorded/make-files.ts';
import { makeRecordPage, type RecordPage } from '../../recorded/record-page.ts';
import { openRecord, sizeRecord } from '../../recorded/size-record.ts';

/** `name`: of the file that was read. */
export function madePage(intervalS: number, days: number, name = 'plain.csv'): RecordPage {
  const text = makeFiles(fortnight(intervalS, days), intervalS)['plain.csv'] as string;
  const types = findInstanceTypes('--on', 't2.nano,t2.micro,t3.micro');
  const input = { of: findInstanceType('t2.medium'), types, start: 'launch' } as const;
  const files = [readRecorded(text, name)];
  const opened = openRecord(files, input);
  return makeRecordPage(sizeRecord(files, input, opened), opened, types, instanceCatalogue);
}
