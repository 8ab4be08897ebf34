package lambda

import "strings"

// leadsOutside says whether a variable, set by a function's definition, could
// make an AWS SDK call something else than the local AWS: its endpoints, the
// proxy or authority on the way, or a profile that names them. On AWS such a
// function works; here its requests would leave this machine.
//
// Source: AWS SDKs and tools reference guide, feature-ss-endpoints,
// feature-endpoints, file-location.
func leadsOutside(variable string) bool {
	switch v := strings.ToUpper(variable); v {
	case "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT",
		"AWS_CA_BUNDLE", "AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE",
		"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY":
		return true
	default:
		return strings.HasPrefix(v, "AWS_ENDPOINT_URL")
	}
}
