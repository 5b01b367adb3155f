// Two calls, then two awaits: the calls start both downloads.

async function download(name) {
  console.log(`${name}: starts`);
  await null; // lets others run
  console.log(`${name}: ends`);
  return `got ${name}`;
}

async function main() {
  const a = download("a");
  const b = download("b");
  console.log("main: both are called");
  console.log(`main: ${await b}`);
  console.log(`main: ${await a}`);
  console.log(`main: ${await a} again`);
}

main();
