package kms

import "github.com/s3seal/s3seal/localaws/internal/api"

// count publishes one cryptographic operation, which the quota of the caller's
// account and Region has room for. A service that acts for itself is in no account.
//
// Source: KMS developer guide, requests-per-second ("Cryptographic operations
// (symmetric) request rate"); CloudWatch user guide,
// CloudWatch-Service-Quota-Integration.
func (s *Service) count(c api.Call) {
	if s.opt.Metrics == nil || c.Account == "" {
		return
	}
	s.opt.Metrics.Record(c.Place(), "AWS/Usage", api.Datum{Name: "CallCount", Value: 1, Time: s.opt.Now(), Dimensions: map[string]string{
		"Service": "KMS", "Type": "API", "Resource": "CryptographicOperationsSymmetric", "Class": "None",
	}})
}
