/** Options of Node that are about the parent's own program, and take a value. */
const WITH_VALUE: ReadonlySet<string> = new Set(["-e", "--eval", "-p", "--print", "-pe"]);
/** Those that are about it and take none, or carry it with an equals sign. */
const OWN = /^(?:-i|--interactive|--input-type=.*|--inspect.*|--watch.*|--test.*|--check|-c|--eval=.*|--print=.*)$/;

/** The parent's options of Node that its children shall have too: loaders, conditions, memory limits; not its debugger's port or its program. */
export function childExecArgv(execArgv: readonly string[]): string[] {
  const kept: string[] = [];
  for (let i = 0; i < execArgv.length; i++) {
    const option = execArgv[i] ?? "";
    if (WITH_VALUE.has(option)) i++;
    else if (!OWN.test(option)) kept.push(option);
  }
  return kept;
}
