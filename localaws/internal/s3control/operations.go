package s3control

// operations are all that there are; any other is refused by name.
//
// Source: S3 Control API reference, the pages of these names.
var operations map[string]operation

func init() { // the functions refer to the table
	operations = map[string]operation{
		"CreateJob":       {"POST", "jobs", "CreateJob", (*Service).createJob},
		"DescribeJob":     {"GET", "jobs/{JobId}", "DescribeJob", (*Service).describeJob},
		"ListJobs":        {"GET", "jobs", "ListJobs", (*Service).listJobs},
		"UpdateJobStatus": {"POST", "jobs/{JobId}/status", "UpdateJobStatus", (*Service).updateJobStatus},
	}
}
