// A credential plugin of the CDK's CLI: it gives each account its own keys, so that
// one start of the CLI serves all, and no account needs to trust another.
const accounts = JSON.parse(process.env.DEMO_CREDENTIALS)
exports.version = '1'
exports.init = (host) => host.registerCredentialProviderSource({
  name: 'demo',
  isAvailable: async () => true,
  canProvideCredentials: async (account) => account in accounts,
  getProvider: async (account) => accounts[account],
})
