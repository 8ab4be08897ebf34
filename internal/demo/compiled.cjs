// Keeps what V8 has compiled of the CDK's CLI: one file of 20 MB, which it else
// compiles anew at each start. NODE_COMPILE_CACHE keeps what is compiled when a
// file is loaded, and here nearly all is compiled later, when it is called.
const crypto = require('node:crypto')
const fs = require('node:fs')
const Module = require('node:module')
const path = require('node:path')
const vm = require('node:vm')

const cli = path.join('aws-cdk', 'lib', 'index.js')
const compile = Module.prototype._compile

Module.prototype._compile = function (source, filename, ...rest) {
  if (!filename.endsWith(cli)) return compile.call(this, source, filename, ...rest)
  const hash = crypto.createHash('sha256').update(process.version).update(source).digest('hex')
  const kept = path.join(process.env.DEMO_COMPILED, 'cli-' + hash)
  let cachedData
  try {
    cachedData = fs.readFileSync(kept)
  } catch {} // the first time
  const script = new vm.Script(Module.wrap(source), { filename, cachedData })
  if (!cachedData || script.cachedDataRejected) {
    process.once('exit', () => {
      const made = kept + '.' + process.pid
      fs.writeFileSync(made, script.createCachedData())
      fs.renameSync(made, kept)
    })
  }
  const require = Module.createRequire(filename)
  script.runInThisContext().call(this.exports, this.exports, require, this, filename, path.dirname(filename))
}
