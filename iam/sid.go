package iam

// DuplicateSid is the first Sid that two statements share; "" if there is none.
//
// IAM refuses such a policy: "In IAM, the Sid value must be unique within a
// JSON policy". Other services differ: KMS documents no such rule,
// and the key policy of AWS's own aws/secretsmanager has a Sid twice.
//
// Source: IAM user guide, reference_policies_elements_sid; KMS developer guide,
// key-policy-overview; Secrets Manager user guide, security-encryption.
func (d Document) DuplicateSid() string {
	seen := map[string]bool{}
	for _, s := range d.Statement {
		if s.Sid != "" && seen[s.Sid] {
			return s.Sid
		}
		seen[s.Sid] = true
	}
	return ""
}
