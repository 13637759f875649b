using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Aegis.Vault.Persistence.Migrations.SqlServer
{
    /// <inheritdoc />
    internal sealed partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.EnsureSchema(
                name: "vault");

            migrationBuilder.CreateTable(
                name: "alerts",
                schema: "vault",
                columns: table => new
                {
                    Id = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false, collation: "Latin1_General_100_BIN2"),
                    OrganizationId = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false, collation: "Latin1_General_100_BIN2"),
                    CredentialId = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false, collation: "Latin1_General_100_BIN2"),
                    Type = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: false, collation: "Latin1_General_100_BIN2"),
                    Code = table.Column<string>(type: "nvarchar(100)", maxLength: 100, nullable: true, collation: "Latin1_General_100_BIN2"),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_alerts", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "connections",
                schema: "vault",
                columns: table => new
                {
                    Id = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false, collation: "Latin1_General_100_BIN2"),
                    OrganizationId = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false, collation: "Latin1_General_100_BIN2"),
                    Kind = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: false, collation: "Latin1_General_100_BIN2"),
                    Config = table.Column<string>(type: "nvarchar(max)", maxLength: 16000, nullable: false, collation: "Latin1_General_100_BIN2"),
                    SealedConfig = table.Column<byte[]>(type: "varbinary(max)", nullable: true),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                    UpdatedAt = table.Column<long>(type: "bigint", nullable: false),
                    Revision = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_connections", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "credential_totals",
                schema: "vault",
                columns: table => new
                {
                    OrganizationId = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false, collation: "Latin1_General_100_BIN2"),
                    InUse = table.Column<int>(type: "int", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_credential_totals", x => x.OrganizationId);
                });

            migrationBuilder.CreateTable(
                name: "credential_use_totals",
                schema: "vault",
                columns: table => new
                {
                    CredentialId = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false, collation: "Latin1_General_100_BIN2"),
                    Uses = table.Column<long>(type: "bigint", nullable: false),
                    LastAt = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_credential_use_totals", x => x.CredentialId);
                });

            migrationBuilder.CreateTable(
                name: "credential_uses",
                schema: "vault",
                columns: table => new
                {
                    Id = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false, collation: "Latin1_General_100_BIN2"),
                    CredentialId = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false, collation: "Latin1_General_100_BIN2"),
                    Minute = table.Column<long>(type: "bigint", nullable: false),
                    LastAt = table.Column<long>(type: "bigint", nullable: false),
                    Uses = table.Column<long>(type: "bigint", nullable: false),
                    IsJoined = table.Column<bool>(type: "bit", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_credential_uses", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "credential_versions",
                schema: "vault",
                columns: table => new
                {
                    CredentialId = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false, collation: "Latin1_General_100_BIN2"),
                    Version = table.Column<int>(type: "int", nullable: false),
                    OrganizationId = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false, collation: "Latin1_General_100_BIN2"),
                    SealedValue = table.Column<byte[]>(type: "varbinary(max)", nullable: false),
                    KekId = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false, collation: "Latin1_General_100_BIN2"),
                    Fingerprint = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false, collation: "Latin1_General_100_BIN2"),
                    Handle = table.Column<string>(type: "nvarchar(200)", maxLength: 200, nullable: true, collation: "Latin1_General_100_BIN2"),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                    Reason = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: false, collation: "Latin1_General_100_BIN2"),
                    Note = table.Column<string>(type: "nvarchar(200)", maxLength: 200, nullable: true, collation: "Latin1_General_100_BIN2"),
                    EndedAt = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_credential_versions", x => new { x.CredentialId, x.Version });
                });

            migrationBuilder.CreateTable(
                name: "credentials",
                schema: "vault",
                columns: table => new
                {
                    Id = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false, collation: "Latin1_General_100_BIN2"),
                    KeepsCopy = table.Column<bool>(type: "bit", nullable: false),
                    OrganizationId = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false, collation: "Latin1_General_100_BIN2"),
                    Name = table.Column<string>(type: "nvarchar(100)", maxLength: 100, nullable: false, collation: "Latin1_General_100_BIN2"),
                    CredentialType = table.Column<string>(type: "nvarchar(50)", maxLength: 50, nullable: false, collation: "Latin1_General_100_BIN2"),
                    Provider = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: false, collation: "Latin1_General_100_BIN2"),
                    Description = table.Column<string>(type: "nvarchar(1000)", maxLength: 1000, nullable: true, collation: "Latin1_General_100_BIN2"),
                    ProviderCredentialId = table.Column<string>(type: "nvarchar(100)", maxLength: 100, nullable: true, collation: "Latin1_General_100_BIN2"),
                    Tags = table.Column<string>(type: "nvarchar(4000)", maxLength: 4000, nullable: false, collation: "Latin1_General_100_BIN2"),
                    Metadata = table.Column<string>(type: "nvarchar(max)", maxLength: 16000, nullable: false, collation: "Latin1_General_100_BIN2"),
                    Config = table.Column<string>(type: "nvarchar(max)", maxLength: 16000, nullable: false, collation: "Latin1_General_100_BIN2"),
                    SealedConfig = table.Column<byte[]>(type: "varbinary(max)", nullable: true),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                    UpdatedAt = table.Column<long>(type: "bigint", nullable: false),
                    ExpiresAt = table.Column<long>(type: "bigint", nullable: true),
                    AlertThresholdHours = table.Column<int>(type: "int", nullable: false),
                    AlertsAt = table.Column<long>(type: "bigint", nullable: true),
                    CurrentVersion = table.Column<int>(type: "int", nullable: false),
                    LastVersion = table.Column<int>(type: "int", nullable: false),
                    IsRetired = table.Column<bool>(type: "bit", nullable: false),
                    RetiredAt = table.Column<long>(type: "bigint", nullable: true),
                    Health = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: false, collation: "Latin1_General_100_BIN2"),
                    HealthCode = table.Column<string>(type: "nvarchar(100)", maxLength: 100, nullable: true, collation: "Latin1_General_100_BIN2"),
                    LastCheckedAt = table.Column<long>(type: "bigint", nullable: true),
                    WarnedAt = table.Column<long>(type: "bigint", nullable: true),
                    EndedAt = table.Column<long>(type: "bigint", nullable: true),
                    IsFailed = table.Column<bool>(type: "bit", nullable: false),
                    HasAlerts = table.Column<bool>(type: "bit", nullable: false),
                    RotationEnabled = table.Column<bool>(type: "bit", nullable: false),
                    RotationStrategy = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: false, collation: "Latin1_General_100_BIN2"),
                    RotationIntervalHours = table.Column<int>(type: "int", nullable: false),
                    RotationCron = table.Column<string>(type: "nvarchar(120)", maxLength: 120, nullable: true, collation: "Latin1_General_100_BIN2"),
                    RotationOverlapMinutes = table.Column<int>(type: "int", nullable: false),
                    LastRotatedAt = table.Column<long>(type: "bigint", nullable: true),
                    NextRotationAt = table.Column<long>(type: "bigint", nullable: true),
                    RotationId = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: true, collation: "Latin1_General_100_BIN2"),
                    NeedsAttention = table.Column<bool>(type: "bit", nullable: false),
                    AttentionCode = table.Column<string>(type: "nvarchar(100)", maxLength: 100, nullable: true, collation: "Latin1_General_100_BIN2"),
                    Revision = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_credentials", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "kept_copies",
                schema: "vault",
                columns: table => new
                {
                    Id = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false, collation: "Latin1_General_100_BIN2"),
                    OrganizationId = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false, collation: "Latin1_General_100_BIN2"),
                    CredentialId = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false, collation: "Latin1_General_100_BIN2"),
                    Config = table.Column<string>(type: "nvarchar(max)", maxLength: 16000, nullable: false, collation: "Latin1_General_100_BIN2"),
                    SealedConfig = table.Column<byte[]>(type: "varbinary(max)", nullable: true),
                    SentVersion = table.Column<int>(type: "int", nullable: true),
                    SentAt = table.Column<long>(type: "bigint", nullable: true),
                    DueAt = table.Column<long>(type: "bigint", nullable: true),
                    LeaseUntil = table.Column<long>(type: "bigint", nullable: true),
                    Failures = table.Column<int>(type: "int", nullable: false),
                    ErrorCode = table.Column<string>(type: "nvarchar(100)", maxLength: 100, nullable: true, collation: "Latin1_General_100_BIN2"),
                    Revision = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_kept_copies", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "n8n_copies",
                schema: "vault",
                columns: table => new
                {
                    Id = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false, collation: "Latin1_General_100_BIN2"),
                    OrganizationId = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false, collation: "Latin1_General_100_BIN2"),
                    ProviderCredentialId = table.Column<string>(type: "nvarchar(100)", maxLength: 100, nullable: false, collation: "Latin1_General_100_BIN2"),
                    CredentialId = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false, collation: "Latin1_General_100_BIN2"),
                    Name = table.Column<string>(type: "nvarchar(500)", maxLength: 500, nullable: true, collation: "Latin1_General_100_BIN2"),
                    Type = table.Column<string>(type: "nvarchar(500)", maxLength: 500, nullable: true, collation: "Latin1_General_100_BIN2"),
                    MissingSince = table.Column<long>(type: "bigint", nullable: true),
                    Revision = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_n8n_copies", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "rotations",
                schema: "vault",
                columns: table => new
                {
                    Id = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false, collation: "Latin1_General_100_BIN2"),
                    CredentialId = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false, collation: "Latin1_General_100_BIN2"),
                    OrganizationId = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false, collation: "Latin1_General_100_BIN2"),
                    Provider = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: false, collation: "Latin1_General_100_BIN2"),
                    Trigger = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: false, collation: "Latin1_General_100_BIN2"),
                    StartedBy = table.Column<string>(type: "nvarchar(1000)", maxLength: 1000, nullable: true, collation: "Latin1_General_100_BIN2"),
                    Note = table.Column<string>(type: "nvarchar(200)", maxLength: 200, nullable: true, collation: "Latin1_General_100_BIN2"),
                    State = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: false, collation: "Latin1_General_100_BIN2"),
                    Step = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: false, collation: "Latin1_General_100_BIN2"),
                    FromVersion = table.Column<int>(type: "int", nullable: false),
                    RollbackTo = table.Column<int>(type: "int", nullable: true),
                    NewVersion = table.Column<int>(type: "int", nullable: true),
                    Attempt = table.Column<int>(type: "int", nullable: false),
                    Tries = table.Column<int>(type: "int", nullable: false),
                    Failures = table.Column<int>(type: "int", nullable: false),
                    SealedCandidate = table.Column<byte[]>(type: "varbinary(max)", nullable: true),
                    CandidateHandle = table.Column<string>(type: "nvarchar(200)", maxLength: 200, nullable: true, collation: "Latin1_General_100_BIN2"),
                    CandidateExpiresAt = table.Column<long>(type: "bigint", nullable: true),
                    StartedAt = table.Column<long>(type: "bigint", nullable: false),
                    FinishedAt = table.Column<long>(type: "bigint", nullable: true),
                    DueAt = table.Column<long>(type: "bigint", nullable: false),
                    LeaseUntil = table.Column<long>(type: "bigint", nullable: true),
                    ErrorCode = table.Column<string>(type: "nvarchar(100)", maxLength: 100, nullable: true, collation: "Latin1_General_100_BIN2"),
                    ErrorMessage = table.Column<string>(type: "nvarchar(500)", maxLength: 500, nullable: true, collation: "Latin1_General_100_BIN2"),
                    Revision = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_rotations", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_alerts_CredentialId_Type",
                schema: "vault",
                table: "alerts",
                columns: new[] { "CredentialId", "Type" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_alerts_OrganizationId_CreatedAt",
                schema: "vault",
                table: "alerts",
                columns: new[] { "OrganizationId", "CreatedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_connections_OrganizationId_Kind",
                schema: "vault",
                table: "connections",
                columns: new[] { "OrganizationId", "Kind" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_credential_uses_CredentialId_Minute_Uses_LastAt",
                schema: "vault",
                table: "credential_uses",
                columns: new[] { "CredentialId", "Minute", "Uses", "LastAt" });

            migrationBuilder.CreateIndex(
                name: "IX_credential_uses_IsJoined_Minute",
                schema: "vault",
                table: "credential_uses",
                columns: new[] { "IsJoined", "Minute" });

            migrationBuilder.CreateIndex(
                name: "IX_credential_versions_KekId",
                schema: "vault",
                table: "credential_versions",
                column: "KekId");

            migrationBuilder.CreateIndex(
                name: "IX_credential_versions_OrganizationId_Fingerprint",
                schema: "vault",
                table: "credential_versions",
                columns: new[] { "OrganizationId", "Fingerprint" });

            migrationBuilder.CreateIndex(
                name: "IX_credentials_IsRetired_EndedAt_ExpiresAt",
                schema: "vault",
                table: "credentials",
                columns: new[] { "IsRetired", "EndedAt", "ExpiresAt" });

            migrationBuilder.CreateIndex(
                name: "IX_credentials_IsRetired_WarnedAt_AlertsAt",
                schema: "vault",
                table: "credentials",
                columns: new[] { "IsRetired", "WarnedAt", "AlertsAt" });

            migrationBuilder.CreateIndex(
                name: "IX_credentials_NextRotationAt_Id",
                schema: "vault",
                table: "credentials",
                columns: new[] { "NextRotationAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_credentials_OrganizationId_IsRetired_CredentialType_Name",
                schema: "vault",
                table: "credentials",
                columns: new[] { "OrganizationId", "IsRetired", "CredentialType", "Name" });

            migrationBuilder.CreateIndex(
                name: "IX_credentials_OrganizationId_IsRetired_IsFailed_AlertsAt",
                schema: "vault",
                table: "credentials",
                columns: new[] { "OrganizationId", "IsRetired", "IsFailed", "AlertsAt" });

            migrationBuilder.CreateIndex(
                name: "IX_credentials_OrganizationId_IsRetired_IsFailed_ExpiresAt",
                schema: "vault",
                table: "credentials",
                columns: new[] { "OrganizationId", "IsRetired", "IsFailed", "ExpiresAt" });

            migrationBuilder.CreateIndex(
                name: "IX_credentials_OrganizationId_IsRetired_LastCheckedAt_Id",
                schema: "vault",
                table: "credentials",
                columns: new[] { "OrganizationId", "IsRetired", "LastCheckedAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_credentials_OrganizationId_IsRetired_Name",
                schema: "vault",
                table: "credentials",
                columns: new[] { "OrganizationId", "IsRetired", "Name" });

            migrationBuilder.CreateIndex(
                name: "IX_credentials_OrganizationId_IsRetired_Provider_Name",
                schema: "vault",
                table: "credentials",
                columns: new[] { "OrganizationId", "IsRetired", "Provider", "Name" });

            migrationBuilder.CreateIndex(
                name: "IX_credentials_OrganizationId_Name",
                schema: "vault",
                table: "credentials",
                columns: new[] { "OrganizationId", "Name" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_credentials_OrganizationId_NextRotationAt",
                schema: "vault",
                table: "credentials",
                columns: new[] { "OrganizationId", "NextRotationAt" });

            migrationBuilder.CreateIndex(
                name: "IX_credentials_OrganizationId_ProviderCredentialId",
                schema: "vault",
                table: "credentials",
                columns: new[] { "OrganizationId", "ProviderCredentialId" });

            migrationBuilder.CreateIndex(
                name: "IX_kept_copies_CredentialId",
                schema: "vault",
                table: "kept_copies",
                column: "CredentialId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_kept_copies_DueAt_OrganizationId",
                schema: "vault",
                table: "kept_copies",
                columns: new[] { "DueAt", "OrganizationId" });

            migrationBuilder.CreateIndex(
                name: "IX_n8n_copies_OrganizationId_Id",
                schema: "vault",
                table: "n8n_copies",
                columns: new[] { "OrganizationId", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_n8n_copies_OrganizationId_ProviderCredentialId",
                schema: "vault",
                table: "n8n_copies",
                columns: new[] { "OrganizationId", "ProviderCredentialId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_rotations_CredentialId_Id",
                schema: "vault",
                table: "rotations",
                columns: new[] { "CredentialId", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_rotations_State_DueAt",
                schema: "vault",
                table: "rotations",
                columns: new[] { "State", "DueAt" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "alerts",
                schema: "vault");

            migrationBuilder.DropTable(
                name: "connections",
                schema: "vault");

            migrationBuilder.DropTable(
                name: "credential_totals",
                schema: "vault");

            migrationBuilder.DropTable(
                name: "credential_use_totals",
                schema: "vault");

            migrationBuilder.DropTable(
                name: "credential_uses",
                schema: "vault");

            migrationBuilder.DropTable(
                name: "credential_versions",
                schema: "vault");

            migrationBuilder.DropTable(
                name: "credentials",
                schema: "vault");

            migrationBuilder.DropTable(
                name: "kept_copies",
                schema: "vault");

            migrationBuilder.DropTable(
                name: "n8n_copies",
                schema: "vault");

            migrationBuilder.DropTable(
                name: "rotations",
                schema: "vault");
        }
    }
}
