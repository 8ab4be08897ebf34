package access

// actionChanges make an action a wildcard that matches what is asked already, and
// more.
func actionChanges() []change {
	widened := func(role, sid, from, to, at, shows string) change {
		return change{from + " as " + to, inBuckets, func(t tree) {
			for _, p := range properties(t, roleType, role)["Policies"].([]any) {
				for _, s := range p.(tree)["PolicyDocument"].(tree)["Statement"].([]any) {
					if s := s.(tree); s["Sid"] == sid {
						s["Action"] = replaced(s["Action"], from, to)
					}
				}
			}
		}, at, shows}
	}
	return []change{
		widened("SseCFunctionsGetRole", "TellMissingObjects", "s3:ListBucket", "s3:ListBucket*", "bucket SseC", "| SseCFunctionsGetRole | list; s3:ListBucketVersions; other s3:ListBucket* on the bucket |"),
		widened("SseCFunctionsGetRole", "GetObjects", "s3:GetObjectTagging", "s3:GetObjectT*", "bucket SseC", "other s3:GetObjectT* on objects"),
		widened("SseCFunctionsGetRole", "ReadKeyRing", "secretsmanager:GetSecretValue", "secretsmanager:Get*", "secret SseCKeyRing", "| SseCFunctionsGetRole | secretsmanager:GetSecretValue; other secretsmanager:Get* |"),
		widened("SseCFunctionsGetRole", "WriteLogs", "logs:PutLogEvents", "logs:Put*", "log group SseCFunctionsGetLogs", "other logs:Put*"),
		{"a wildcard in a key's policy", inBuckets, keeps(`"Action": "kms:De*", "Principal": {"AWS": "222211110000"}, "Condition": {"StringEquals": {"kms:ViaService": "ec2.us-east-1.amazonaws.com"}}`), "key SseKmsCmkKey", "other kms:De* with kms:"},
		{"any action of STS for a web identity", inBuckets, trusts(`"Action": "sts:*", "Principal": {"Federated": "accounts.google.com"}`), "role SseCFunctionsGetRole", "| whoever accounts.google.com vouches for | sts:AssumeRoleWithWebIdentity"},
		{"any SAML provider", inBuckets, trusts(`"Action": "sts:AssumeRoleWithSAML", "Principal": "*"`), "role SseCFunctionsGetRole", "| unknown: AWS's documents leave open whether * "},
	}
}

// replaced is an action, or a list of them, with one in the place of another.
func replaced(actions any, from, to string) any {
	list, ok := actions.([]any)
	if !ok {
		list = []any{actions}
	}
	var all []any
	for _, a := range list {
		if a == from {
			a = to
		}
		all = append(all, a)
	}
	return all
}
