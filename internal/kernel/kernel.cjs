// Runs before jsii's kernel, in its process.
//
// jsii starts the kernel by a second Node process, which passes every call on to it
// and back: through file 3, where its own process has files 0 and 1. Here they are
// one. And what V8 has compiled of the CDK is kept, functions included, which
// Node's own cache can't: the kernel loads the CDK from another folder each time.
const crypto = require('node:crypto')
const fs = require('node:fs')
const Module = require('node:module')
const path = require('node:path')
const { Writable } = require('node:stream')
const vm = require('node:vm')
const { isMainThread } = require('node:worker_threads')

// The kernel's worker, which indexes the types of a package that is new, has no calls.
if (!isMainThread) return

// Nothing else has number 3: a file that is opened later would get it if it were
// free, and what is read of that file would be taken from jsii's calls.
try {
  fs.fstatSync(3)
} catch {
  while (fs.openSync('/dev/null') < 3);
}
const { readSync, writeSync } = fs
fs.readSync = (file, ...rest) => readSync(file === 3 ? 0 : file, ...rest)
fs.writeSync = (file, ...rest) => writeSync(file === 3 ? 1 : file, ...rest)

// What is printed goes to the app as jsii's first process would say it.
for (const [name, fd] of [['stdout', 1], ['stderr', 2]]) {
  const printed = new Writable({
    write(chunk, _, done) {
      writeSync(2, JSON.stringify({ [name]: chunk.toString('base64') }) + '\n')
      done()
    },
  })
  Object.defineProperty(process, name, { value: Object.assign(printed, { fd }), configurable: true })
}

// One file has all: hundreds would take longer to read. It keeps what a run doesn't
// need, for those that do. V8 refuses what another version of it has compiled, and
// knows a source by its length only: the hash does the rest.
const kept = path.join(__dirname, `compiled-${process.version}-${process.arch}`)
const known = new Map()
const scripts = new Map()
let changed = false
try {
  const all = fs.readFileSync(kept)
  const length = all.readUInt32LE(0)
  let at = 4 + length
  for (const [hash, size] of JSON.parse(all.subarray(4, at))) {
    known.set(hash, all.subarray(at, at + size))
    at += size
  }
} catch {} // the first time

Module.prototype._compile = function (source, filename) {
  const hash = crypto.createHash('sha256').update(source).digest('base64')
  const cachedData = known.get(hash)
  const script = new vm.Script(Module.wrap(source), { filename, cachedData })
  changed ||= !cachedData || script.cachedDataRejected
  scripts.set(hash, script)
  const require = Module.createRequire(filename)
  return script.runInThisContext().call(this.exports, this.exports, require, this, filename, path.dirname(filename))
}

process.once('exit', () => {
  if (!changed) return
  for (const [hash, script] of scripts) known.set(hash, script.createCachedData())
  const data = [...known]
  const index = Buffer.from(JSON.stringify(data.map(([hash, of]) => [hash, of.length])))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(index.length)
  const made = `${kept}.${process.pid}`
  try {
    fs.writeFileSync(made, Buffer.concat([length, index, ...data.map(([, of]) => of)]))
    fs.renameSync(made, kept)
  } catch {} // the next run compiles again
})
