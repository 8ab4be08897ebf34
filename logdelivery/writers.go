package logdelivery

import "strings"

// Writer is a property of a resource that makes a service write logs, reports or
// results into a bucket, and which is no source of the matrix: the pages say
// nothing of what the service asks of the bucket, or only a part.
type Writer struct {
	Title string // "EMR logs"
	Type  string // of the resource: "AWS::EMR::Cluster"

	// Bucket is where the bucket stands below the resource's properties, as its
	// name, ARN, domain name or URI: a dotted path, "[]" behind what is a list.
	Bucket string

	// Key is where the KMS key of the objects stands, from the same place: the
	// service then writes under it, whatever the bucket's default is.
	Key string

	// Option is where the kind of encryption stands, if there are others: the
	// key counts when it is SSE_KMS, in any spelling.
	Option string

	// Role is where a role of the customer's stands, as whom the service writes.
	Role string

	// Services are the principals of which the bucket's policy must admit one to
	// s3:PutObject and to the Checks on the bucket itself; "{region}" stands for
	// the Region, whose own principal writes in some. None: it is the role, or
	// no page says who writes.
	Services, Checks []string

	// KeyActions are what the policy of Key must admit one of Services to.
	KeyActions []string

	// OnlySSES3 is what a page says to the effect that nothing arrives in a
	// bucket under another default.
	OnlySSES3 string

	// Below is the service's page on it, below docs.aws.amazon.com, where it
	// isn't that of the resource type.
	Below string
}

// Page names Bucket and Key, or says more, below docs.aws.amazon.com.
func (w Writer) Page() string {
	if w.Below != "" {
		return w.Below
	}
	name := strings.ReplaceAll(strings.TrimPrefix(w.Type, "AWS::"), "::", "-")
	return "AWSCloudFormation/latest/TemplateReference/aws-resource-" + strings.ToLower(name) + ".html"
}

// Writers are all that are known, by type. The properties are those of the
// resource types' schemas, read in November 2026.
func Writers() []Writer { return writers }

// firehosePage has the encryption of what a delivery stream writes into S3: as
// its destination, or as backup and staging of another one.
const firehosePage = "firehose/latest/dev/encryption.html"

var writers = []Writer{
	{Title: "ACM Private CA revocation lists", Type: "AWS::ACMPCA::CertificateAuthority", Bucket: "RevocationConfiguration.CrlConfiguration.S3BucketName"},
	{
		Title: "AppFlow records", Type: "AWS::AppFlow::Flow", Bucket: "DestinationFlowConfigList[].DestinationConnectorProperties.S3.BucketName",
		Services: []string{"appflow.amazonaws.com"}, Checks: []string{"s3:GetBucketAcl"},
		Below: "appflow/latest/userguide/s3-policies-management.html",
	},
	{Title: "ARC Region switch reports", Type: "AWS::ARCRegionSwitch::Plan", Bucket: "ReportConfiguration.ReportOutput[].S3Configuration.BucketPath"},
	{Title: "Athena query results", Type: "AWS::Athena::WorkGroup", Bucket: "WorkGroupConfiguration.ResultConfiguration.OutputLocation", Key: "WorkGroupConfiguration.ResultConfiguration.EncryptionConfiguration.KmsKey", Option: "WorkGroupConfiguration.ResultConfiguration.EncryptionConfiguration.EncryptionOption"},
	{Title: "Athena session logs", Type: "AWS::Athena::WorkGroup", Bucket: "WorkGroupConfiguration.MonitoringConfiguration.S3LoggingConfiguration.LogLocation", Key: "WorkGroupConfiguration.MonitoringConfiguration.S3LoggingConfiguration.KmsKey"},
	{Title: "AWS Backup reports", Type: "AWS::Backup::ReportPlan", Bucket: "ReportDeliveryChannel.S3BucketName"},
	{
		Title: "Data Exports", Type: "AWS::BCMDataExports::Export", Bucket: "Export.DestinationConfigurations.S3Destination.S3Bucket",
		Services: []string{"bcm-data-exports.amazonaws.com"},
		Below:    "cur/latest/userguide/dataexports-s3-bucket.html",
	},
	{Title: "Bedrock AgentCore browser recordings", Type: "AWS::BedrockAgentCore::BrowserCustom", Bucket: "RecordingConfig.S3Location.Bucket", Role: "ExecutionRoleArn"},
	{Title: "Clean Rooms results", Type: "AWS::CleanRooms::Membership", Bucket: "DefaultResultConfiguration.OutputConfiguration.S3.Bucket"},
	{Title: "CloudFormation Guard hook logs", Type: "AWS::CloudFormation::GuardHook", Bucket: "LogBucket"},
	{Title: "CloudFront standard logs (legacy)", Type: "AWS::CloudFront::StreamingDistribution", Bucket: "StreamingDistributionConfig.Logging.Bucket"},
	{Title: "CodeBuild logs", Type: "AWS::CodeBuild::Project", Bucket: "LogsConfig.S3Logs.Location", Role: "ServiceRole"},
	{Title: "CodeBuild artifacts", Type: "AWS::CodeBuild::Project", Bucket: "Artifacts.Location", Role: "ServiceRole", Key: "EncryptionKey"},
	{Title: "CodeBuild reports", Type: "AWS::CodeBuild::ReportGroup", Bucket: "ExportConfig.S3Destination.Bucket", Key: "ExportConfig.S3Destination.EncryptionKey"},
	{Title: "CodePipeline artifacts", Type: "AWS::CodePipeline::Pipeline", Bucket: "ArtifactStore.Location", Role: "RoleArn", Key: "ArtifactStore.EncryptionKey.Id"},
	{Title: "Cognito user pool logs", Type: "AWS::Cognito::LogDeliveryConfiguration", Bucket: "LogConfigurations[].S3Configuration.BucketArn"},
	{Title: "AWS Config conformance pack results", Type: "AWS::Config::ConformancePack", Bucket: "DeliveryS3Bucket"},
	{Title: "AWS Config conformance pack results", Type: "AWS::Config::OrganizationConformancePack", Bucket: "DeliveryS3Bucket"},
	{Title: "Amazon Connect recordings and reports", Type: "AWS::Connect::InstanceStorageConfig", Bucket: "S3Config.BucketName", Key: "S3Config.EncryptionConfig.KeyId"},
	{
		Title: "Cost and Usage Reports", Type: "AWS::CUR::ReportDefinition", Bucket: "S3Bucket",
		Services: []string{"billingreports.amazonaws.com"}, Checks: []string{"s3:GetBucketAcl", "s3:GetBucketPolicy"},
		Below: "cur/latest/userguide/cur-s3.html",
	},
	{Title: "DataSync task reports", Type: "AWS::DataSync::Task", Bucket: "TaskReportConfig.Destination.S3.S3BucketArn", Role: "TaskReportConfig.Destination.S3.BucketAccessRoleArn"},
	{Title: "DMS targets", Type: "AWS::DMS::Endpoint", Bucket: "S3Settings.BucketName", Role: "S3Settings.ServiceAccessRoleArn", Key: "S3Settings.ServerSideEncryptionKmsKeyId", Option: "S3Settings.EncryptionMode"},
	{Title: "EC2 Capacity Manager exports", Type: "AWS::EC2::CapacityManagerDataExport", Bucket: "S3BucketName"},
	{Title: "Verified Access logs", Type: "AWS::EC2::VerifiedAccessInstance", Bucket: "LoggingConfigurations.S3.BucketName"},
	{Title: "ECS Exec logs", Type: "AWS::ECS::Cluster", Bucket: "Configuration.ExecuteCommandConfiguration.LogConfiguration.S3BucketName"},
	{Title: "EMR logs", Type: "AWS::EMR::Cluster", Bucket: "LogUri", Key: "LogEncryptionKmsKeyId"},
	{Title: "EMR Serverless logs", Type: "AWS::EMRServerless::Application", Bucket: "MonitoringConfiguration.S3MonitoringConfiguration.LogUri", Key: "MonitoringConfiguration.S3MonitoringConfiguration.EncryptionKeyArn"},
	{Title: "Evidently events", Type: "AWS::Evidently::Project", Bucket: "DataDelivery.S3.BucketName"},
	{Title: "FIS experiment logs", Type: "AWS::FIS::ExperimentTemplate", Bucket: "LogConfiguration.S3Configuration.BucketName"},
	{Title: "FIS experiment reports", Type: "AWS::FIS::ExperimentTemplate", Bucket: "ExperimentReportConfiguration.Outputs.ExperimentReportS3Configuration.BucketName"},
	{Title: "GameLift fleet logs", Type: "AWS::GameLift::ContainerFleet", Bucket: "LogConfiguration.S3BucketName"},
	{Title: "Global Accelerator flow logs", Type: "AWS::GlobalAccelerator::Accelerator", Bucket: "FlowLogsS3Bucket"},
	{
		Title: "GuardDuty findings", Type: "AWS::GuardDuty::PublishingDestination", Bucket: "DestinationProperties.DestinationArn",
		Key:      "DestinationProperties.KmsKeyArn",
		Below:    "guardduty/latest/ug/guardduty_exportfindings.html",
		Services: []string{"guardduty.amazonaws.com", "guardduty.{region}.amazonaws.com"}, Checks: []string{"s3:GetBucketLocation"}, KeyActions: []string{"kms:GenerateDataKey"},
	},
	{Title: "Image Builder logs", Type: "AWS::ImageBuilder::InfrastructureConfiguration", Bucket: "Logging.S3Logs.S3BucketName"},
	{Title: "Internet Monitor measurements", Type: "AWS::InternetMonitor::Monitor", Bucket: "InternetMeasurementsLogDelivery.S3Config.BucketName"},
	{Title: "IoT rule records", Type: "AWS::IoT::TopicRule", Bucket: "TopicRulePayload.Actions[].S3.BucketName", Role: "TopicRulePayload.Actions[].S3.RoleArn"},
	{Title: "IVS recordings", Type: "AWS::IVS::RecordingConfiguration", Bucket: "DestinationConfiguration.S3.BucketName"},
	{Title: "IVS Chat logs", Type: "AWS::IVSChat::LoggingConfiguration", Bucket: "DestinationConfiguration.S3.BucketName"},
	{Title: "MSK Connect logs", Type: "AWS::KafkaConnect::Connector", Bucket: "LogDelivery.WorkerLogDelivery.S3.Bucket"},
	{Title: "Firehose records", Type: "AWS::KinesisFirehose::DeliveryStream", Bucket: "S3DestinationConfiguration.BucketARN", Role: "S3DestinationConfiguration.RoleARN", Key: "S3DestinationConfiguration.EncryptionConfiguration.KMSEncryptionConfig.AWSKMSKeyARN", Below: firehosePage},
	{Title: "Firehose records", Type: "AWS::KinesisFirehose::DeliveryStream", Bucket: "ExtendedS3DestinationConfiguration.BucketARN", Role: "ExtendedS3DestinationConfiguration.RoleARN", Key: "ExtendedS3DestinationConfiguration.EncryptionConfiguration.KMSEncryptionConfig.AWSKMSKeyARN", Below: firehosePage},
	{Title: "Firehose backups", Type: "AWS::KinesisFirehose::DeliveryStream", Bucket: "ExtendedS3DestinationConfiguration.S3BackupConfiguration.BucketARN", Role: "ExtendedS3DestinationConfiguration.S3BackupConfiguration.RoleARN", Key: "ExtendedS3DestinationConfiguration.S3BackupConfiguration.EncryptionConfiguration.KMSEncryptionConfig.AWSKMSKeyARN", Below: firehosePage},
	{Title: "Firehose records for Redshift", Type: "AWS::KinesisFirehose::DeliveryStream", Bucket: "RedshiftDestinationConfiguration.S3Configuration.BucketARN", Role: "RedshiftDestinationConfiguration.S3Configuration.RoleARN", Key: "RedshiftDestinationConfiguration.S3Configuration.EncryptionConfiguration.KMSEncryptionConfig.AWSKMSKeyARN", Below: firehosePage},
	{Title: "Firehose backups", Type: "AWS::KinesisFirehose::DeliveryStream", Bucket: "AmazonopensearchserviceDestinationConfiguration.S3Configuration.BucketARN", Role: "AmazonopensearchserviceDestinationConfiguration.S3Configuration.RoleARN", Key: "AmazonopensearchserviceDestinationConfiguration.S3Configuration.EncryptionConfiguration.KMSEncryptionConfig.AWSKMSKeyARN", Below: firehosePage},
	{Title: "Firehose backups", Type: "AWS::KinesisFirehose::DeliveryStream", Bucket: "ElasticsearchDestinationConfiguration.S3Configuration.BucketARN", Role: "ElasticsearchDestinationConfiguration.S3Configuration.RoleARN", Key: "ElasticsearchDestinationConfiguration.S3Configuration.EncryptionConfiguration.KMSEncryptionConfig.AWSKMSKeyARN", Below: firehosePage},
	{Title: "Firehose backups", Type: "AWS::KinesisFirehose::DeliveryStream", Bucket: "HttpEndpointDestinationConfiguration.S3Configuration.BucketARN", Role: "HttpEndpointDestinationConfiguration.S3Configuration.RoleARN", Key: "HttpEndpointDestinationConfiguration.S3Configuration.EncryptionConfiguration.KMSEncryptionConfig.AWSKMSKeyARN", Below: firehosePage},
	{Title: "Firehose backups", Type: "AWS::KinesisFirehose::DeliveryStream", Bucket: "SplunkDestinationConfiguration.S3Configuration.BucketARN", Role: "SplunkDestinationConfiguration.S3Configuration.RoleARN", Key: "SplunkDestinationConfiguration.S3Configuration.EncryptionConfiguration.KMSEncryptionConfig.AWSKMSKeyARN", Below: firehosePage},
	{Title: "Firehose backups", Type: "AWS::KinesisFirehose::DeliveryStream", Bucket: "RedshiftDestinationConfiguration.S3BackupConfiguration.BucketARN", Role: "RedshiftDestinationConfiguration.S3BackupConfiguration.RoleARN", Key: "RedshiftDestinationConfiguration.S3BackupConfiguration.EncryptionConfiguration.KMSEncryptionConfig.AWSKMSKeyARN", Below: firehosePage},
	{Title: "Firehose backups", Type: "AWS::KinesisFirehose::DeliveryStream", Bucket: "AmazonOpenSearchServerlessDestinationConfiguration.S3Configuration.BucketARN", Role: "AmazonOpenSearchServerlessDestinationConfiguration.S3Configuration.RoleARN", Key: "AmazonOpenSearchServerlessDestinationConfiguration.S3Configuration.EncryptionConfiguration.KMSEncryptionConfig.AWSKMSKeyARN", Below: firehosePage},
	{Title: "Firehose records for Iceberg", Type: "AWS::KinesisFirehose::DeliveryStream", Bucket: "IcebergDestinationConfiguration.S3Configuration.BucketARN", Role: "IcebergDestinationConfiguration.S3Configuration.RoleARN", Key: "IcebergDestinationConfiguration.S3Configuration.EncryptionConfiguration.KMSEncryptionConfig.AWSKMSKeyARN", Below: firehosePage},
	{Title: "Firehose backups", Type: "AWS::KinesisFirehose::DeliveryStream", Bucket: "SnowflakeDestinationConfiguration.S3Configuration.BucketARN", Role: "SnowflakeDestinationConfiguration.S3Configuration.RoleARN", Key: "SnowflakeDestinationConfiguration.S3Configuration.EncryptionConfiguration.KMSEncryptionConfig.AWSKMSKeyARN", Below: firehosePage},
	{Title: "Lex audio logs", Type: "AWS::Lex::BotAlias", Bucket: "ConversationLogSettings.AudioLogSettings[].Destination.S3Bucket.S3BucketArn", Key: "ConversationLogSettings.AudioLogSettings[].Destination.S3Bucket.KmsKeyArn"},
	{Title: "MSK broker logs", Type: "AWS::MSK::Cluster", Bucket: "LoggingInfo.BrokerLogs.S3.Bucket"},
	{Title: "MSK Replicator logs", Type: "AWS::MSK::Replicator", Bucket: "LogDelivery.ReplicatorLogDelivery.S3.Bucket"},
	{Title: "EventBridge Pipes logs", Type: "AWS::Pipes::Pipe", Bucket: "LogConfiguration.S3LogDestination.BucketName"},
	{
		Title: "Redshift audit logs", Type: "AWS::Redshift::Cluster", Bucket: "LoggingProperties.BucketName",
		Below:    "redshift/latest/mgmt/db-auditing.html",
		Services: []string{"redshift.amazonaws.com", "redshift.{region}.amazonaws.com"}, Checks: []string{"s3:GetBucketAcl"},
		OnlySSES3: "only SSE-S3 can be used",
	},
	{Title: "SageMaker data capture", Type: "AWS::SageMaker::EndpointConfig", Bucket: "DataCaptureConfig.DestinationS3Uri"},
	{Title: "SageMaker asynchronous results", Type: "AWS::SageMaker::EndpointConfig", Bucket: "AsyncInferenceConfig.OutputConfig.S3OutputPath", Key: "AsyncInferenceConfig.OutputConfig.KmsKeyId"},
	{Title: "SageMaker monitoring reports", Type: "AWS::SageMaker::DataQualityJobDefinition", Bucket: "DataQualityJobOutputConfig.MonitoringOutputs[].S3Output.S3Uri", Role: "RoleArn", Key: "DataQualityJobOutputConfig.KmsKeyId"},
	{Title: "SageMaker monitoring reports", Type: "AWS::SageMaker::ModelBiasJobDefinition", Bucket: "ModelBiasJobOutputConfig.MonitoringOutputs[].S3Output.S3Uri", Role: "RoleArn", Key: "ModelBiasJobOutputConfig.KmsKeyId"},
	{Title: "SageMaker monitoring reports", Type: "AWS::SageMaker::ModelExplainabilityJobDefinition", Bucket: "ModelExplainabilityJobOutputConfig.MonitoringOutputs[].S3Output.S3Uri", Role: "RoleArn", Key: "ModelExplainabilityJobOutputConfig.KmsKeyId"},
	{Title: "SageMaker monitoring reports", Type: "AWS::SageMaker::ModelQualityJobDefinition", Bucket: "ModelQualityJobOutputConfig.MonitoringOutputs[].S3Output.S3Uri", Role: "RoleArn", Key: "ModelQualityJobOutputConfig.KmsKeyId"},
	{
		Title: "SES mail", Type: "AWS::SES::ReceiptRule", Bucket: "Rule.Actions[].S3Action.BucketName",
		Services: []string{"ses.amazonaws.com"}, Role: "Rule.Actions[].S3Action.IamRoleArn",
		Below: "ses/latest/dg/receiving-email-permissions.html",
	},
	{Title: "SES Mail Manager mail", Type: "AWS::SES::MailManagerRuleSet", Bucket: "Rules[].Actions[].WriteToS3.S3Bucket", Role: "Rules[].Actions[].WriteToS3.RoleArn", Key: "Rules[].Actions[].WriteToS3.S3SseKmsKeyId"},
	{Title: "Systems Manager association output", Type: "AWS::SSM::Association", Bucket: "OutputLocation.S3Location.OutputS3BucketName"},
	{Title: "Session Manager logs", Type: "AWS::SSM::Document", Bucket: "Content.inputs.s3BucketName"},
	{Title: "maintenance window output", Type: "AWS::SSM::MaintenanceWindowTask", Bucket: "TaskInvocationParameters.MaintenanceWindowRunCommandParameters.OutputS3BucketName"},
	{Title: "maintenance window logs", Type: "AWS::SSM::MaintenanceWindowTask", Bucket: "LoggingInfo.S3Bucket"},
	{Title: "Systems Manager inventory", Type: "AWS::SSM::ResourceDataSync", Bucket: "S3Destination.BucketName", Key: "S3Destination.KMSKeyArn"},
	{Title: "Systems Manager inventory", Type: "AWS::SSM::ResourceDataSync", Bucket: "BucketName", Key: "KMSKeyArn"},
	{Title: "Systems Manager desktop recordings", Type: "AWS::SSMGuiConnect::Preferences", Bucket: "ConnectionRecordingPreferences.RecordingDestinations.S3Buckets[].BucketName"},
	{Title: "Synthetics artifacts", Type: "AWS::Synthetics::Canary", Bucket: "ArtifactS3Location", Role: "ExecutionRoleArn", Key: "ArtifactConfig.S3Encryption.KmsKeyArn", Option: "ArtifactConfig.S3Encryption.EncryptionMode"},
	{Title: "Timestream for InfluxDB logs", Type: "AWS::Timestream::InfluxDBInstance", Bucket: "LogDeliveryConfiguration.S3Configuration.BucketName"},
	{Title: "Timestream for InfluxDB logs", Type: "AWS::Timestream::InfluxDBCluster", Bucket: "LogDeliveryConfiguration.S3Configuration.BucketName"},
	{Title: "Timestream error reports", Type: "AWS::Timestream::ScheduledQuery", Bucket: "ErrorReportConfiguration.S3Configuration.BucketName", Role: "ScheduledQueryExecutionRoleArn"},
	{Title: "Timestream rejected records", Type: "AWS::Timestream::Table", Bucket: "MagneticStoreWriteProperties.MagneticStoreRejectedDataLocation.S3Configuration.BucketName", Key: "MagneticStoreWriteProperties.MagneticStoreRejectedDataLocation.S3Configuration.KmsKeyId", Option: "MagneticStoreWriteProperties.MagneticStoreRejectedDataLocation.S3Configuration.EncryptionOption"},
	{Title: "WorkSpaces Secure Browser session logs", Type: "AWS::WorkSpacesWeb::SessionLogger", Bucket: "LogConfiguration.S3.Bucket"},
}
