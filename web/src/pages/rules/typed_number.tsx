// Deleting many rules takes more than a click: how many they are has to be typed.
import { count } from '../../formats';
import { Field } from '../../parts/field';

export const isTyped = (typed: string, number: number) => typed.replace(/\D/g, '') === String(number);

export function TypedNumber({ number, typed, onInput }: { number: number; typed: string; onInput: (text: string) => void }) {
  return <Field label={`This deletes ${number === 1 ? '1 rule' : `${count(number)} rules`}. Type ${number} to go on.`} value={typed} onInput={onInput} />;
}
