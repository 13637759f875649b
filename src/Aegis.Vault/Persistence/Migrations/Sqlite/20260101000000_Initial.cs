using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Aegis.Vault.Persistence.Migrations.Sqlite
{
    /// <inheritdoc />
    internal sealed partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "vault_alerts",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    OrganizationId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    CredentialId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Type = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Code = table.Column<string>(type: "TEXT", maxLength: 100, nullable: true),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_vault_alerts", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "vault_connections",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    OrganizationId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Kind = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Config = table.Column<string>(type: "TEXT", maxLength: 16000, nullable: false),
                    SealedConfig = table.Column<byte[]>(type: "BLOB", nullable: true),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    UpdatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Revision = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_vault_connections", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "vault_credential_totals",
                columns: table => new
                {
                    OrganizationId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    InUse = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_vault_credential_totals", x => x.OrganizationId);
                });

            migrationBuilder.CreateTable(
                name: "vault_credential_use_totals",
                columns: table => new
                {
                    CredentialId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Uses = table.Column<long>(type: "INTEGER", nullable: false),
                    LastAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_vault_credential_use_totals", x => x.CredentialId);
                });

            migrationBuilder.CreateTable(
                name: "vault_credential_uses",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    CredentialId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Minute = table.Column<long>(type: "INTEGER", nullable: false),
                    LastAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Uses = table.Column<long>(type: "INTEGER", nullable: false),
                    IsJoined = table.Column<bool>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_vault_credential_uses", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "vault_credential_versions",
                columns: table => new
                {
                    CredentialId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Version = table.Column<int>(type: "INTEGER", nullable: false),
                    OrganizationId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    SealedValue = table.Column<byte[]>(type: "BLOB", nullable: false),
                    KekId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Fingerprint = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Handle = table.Column<string>(type: "TEXT", maxLength: 200, nullable: true),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Reason = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Note = table.Column<string>(type: "TEXT", maxLength: 200, nullable: true),
                    EndedAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_vault_credential_versions", x => new { x.CredentialId, x.Version });
                });

            migrationBuilder.CreateTable(
                name: "vault_credentials",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    KeepsCopy = table.Column<bool>(type: "INTEGER", nullable: false),
                    OrganizationId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    CredentialType = table.Column<string>(type: "TEXT", maxLength: 50, nullable: false),
                    Provider = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Description = table.Column<string>(type: "TEXT", maxLength: 1000, nullable: true),
                    ProviderCredentialId = table.Column<string>(type: "TEXT", maxLength: 100, nullable: true),
                    Tags = table.Column<string>(type: "TEXT", maxLength: 4000, nullable: false),
                    Metadata = table.Column<string>(type: "TEXT", maxLength: 16000, nullable: false),
                    Config = table.Column<string>(type: "TEXT", maxLength: 16000, nullable: false),
                    SealedConfig = table.Column<byte[]>(type: "BLOB", nullable: true),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    UpdatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    ExpiresAt = table.Column<long>(type: "INTEGER", nullable: true),
                    AlertThresholdHours = table.Column<int>(type: "INTEGER", nullable: false),
                    AlertsAt = table.Column<long>(type: "INTEGER", nullable: true),
                    CurrentVersion = table.Column<int>(type: "INTEGER", nullable: false),
                    LastVersion = table.Column<int>(type: "INTEGER", nullable: false),
                    IsRetired = table.Column<bool>(type: "INTEGER", nullable: false),
                    RetiredAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Health = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    HealthCode = table.Column<string>(type: "TEXT", maxLength: 100, nullable: true),
                    LastCheckedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    WarnedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    EndedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    IsFailed = table.Column<bool>(type: "INTEGER", nullable: false),
                    HasAlerts = table.Column<bool>(type: "INTEGER", nullable: false),
                    RotationEnabled = table.Column<bool>(type: "INTEGER", nullable: false),
                    RotationStrategy = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    RotationIntervalHours = table.Column<int>(type: "INTEGER", nullable: false),
                    RotationCron = table.Column<string>(type: "TEXT", maxLength: 120, nullable: true),
                    RotationOverlapMinutes = table.Column<int>(type: "INTEGER", nullable: false),
                    LastRotatedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    NextRotationAt = table.Column<long>(type: "INTEGER", nullable: true),
                    RotationId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: true),
                    NeedsAttention = table.Column<bool>(type: "INTEGER", nullable: false),
                    AttentionCode = table.Column<string>(type: "TEXT", maxLength: 100, nullable: true),
                    Revision = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_vault_credentials", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "vault_kept_copies",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    OrganizationId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    CredentialId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Config = table.Column<string>(type: "TEXT", maxLength: 16000, nullable: false),
                    SealedConfig = table.Column<byte[]>(type: "BLOB", nullable: true),
                    SentVersion = table.Column<int>(type: "INTEGER", nullable: true),
                    SentAt = table.Column<long>(type: "INTEGER", nullable: true),
                    DueAt = table.Column<long>(type: "INTEGER", nullable: true),
                    LeaseUntil = table.Column<long>(type: "INTEGER", nullable: true),
                    Failures = table.Column<int>(type: "INTEGER", nullable: false),
                    ErrorCode = table.Column<string>(type: "TEXT", maxLength: 100, nullable: true),
                    Revision = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_vault_kept_copies", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "vault_n8n_copies",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    OrganizationId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    ProviderCredentialId = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    CredentialId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 500, nullable: true),
                    Type = table.Column<string>(type: "TEXT", maxLength: 500, nullable: true),
                    MissingSince = table.Column<long>(type: "INTEGER", nullable: true),
                    Revision = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_vault_n8n_copies", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "vault_rotations",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    CredentialId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    OrganizationId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Provider = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Trigger = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    StartedBy = table.Column<string>(type: "TEXT", maxLength: 1000, nullable: true),
                    Note = table.Column<string>(type: "TEXT", maxLength: 200, nullable: true),
                    State = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Step = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    FromVersion = table.Column<int>(type: "INTEGER", nullable: false),
                    RollbackTo = table.Column<int>(type: "INTEGER", nullable: true),
                    NewVersion = table.Column<int>(type: "INTEGER", nullable: true),
                    Attempt = table.Column<int>(type: "INTEGER", nullable: false),
                    Tries = table.Column<int>(type: "INTEGER", nullable: false),
                    Failures = table.Column<int>(type: "INTEGER", nullable: false),
                    SealedCandidate = table.Column<byte[]>(type: "BLOB", nullable: true),
                    CandidateHandle = table.Column<string>(type: "TEXT", maxLength: 200, nullable: true),
                    CandidateExpiresAt = table.Column<long>(type: "INTEGER", nullable: true),
                    StartedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    FinishedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    DueAt = table.Column<long>(type: "INTEGER", nullable: false),
                    LeaseUntil = table.Column<long>(type: "INTEGER", nullable: true),
                    ErrorCode = table.Column<string>(type: "TEXT", maxLength: 100, nullable: true),
                    ErrorMessage = table.Column<string>(type: "TEXT", maxLength: 500, nullable: true),
                    Revision = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_vault_rotations", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_vault_alerts_CredentialId_Type",
                table: "vault_alerts",
                columns: new[] { "CredentialId", "Type" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_vault_alerts_OrganizationId_CreatedAt",
                table: "vault_alerts",
                columns: new[] { "OrganizationId", "CreatedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_vault_connections_OrganizationId_Kind",
                table: "vault_connections",
                columns: new[] { "OrganizationId", "Kind" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_vault_credential_uses_CredentialId_Minute_Uses_LastAt",
                table: "vault_credential_uses",
                columns: new[] { "CredentialId", "Minute", "Uses", "LastAt" });

            migrationBuilder.CreateIndex(
                name: "IX_vault_credential_uses_IsJoined_Minute",
                table: "vault_credential_uses",
                columns: new[] { "IsJoined", "Minute" });

            migrationBuilder.CreateIndex(
                name: "IX_vault_credential_versions_KekId",
                table: "vault_credential_versions",
                column: "KekId");

            migrationBuilder.CreateIndex(
                name: "IX_vault_credential_versions_OrganizationId_Fingerprint",
                table: "vault_credential_versions",
                columns: new[] { "OrganizationId", "Fingerprint" });

            migrationBuilder.CreateIndex(
                name: "IX_vault_credentials_IsRetired_EndedAt_ExpiresAt",
                table: "vault_credentials",
                columns: new[] { "IsRetired", "EndedAt", "ExpiresAt" });

            migrationBuilder.CreateIndex(
                name: "IX_vault_credentials_IsRetired_WarnedAt_AlertsAt",
                table: "vault_credentials",
                columns: new[] { "IsRetired", "WarnedAt", "AlertsAt" });

            migrationBuilder.CreateIndex(
                name: "IX_vault_credentials_NextRotationAt_Id",
                table: "vault_credentials",
                columns: new[] { "NextRotationAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_vault_credentials_OrganizationId_IsRetired_CredentialType_Name",
                table: "vault_credentials",
                columns: new[] { "OrganizationId", "IsRetired", "CredentialType", "Name" });

            migrationBuilder.CreateIndex(
                name: "IX_vault_credentials_OrganizationId_IsRetired_IsFailed_AlertsAt",
                table: "vault_credentials",
                columns: new[] { "OrganizationId", "IsRetired", "IsFailed", "AlertsAt" });

            migrationBuilder.CreateIndex(
                name: "IX_vault_credentials_OrganizationId_IsRetired_IsFailed_ExpiresAt",
                table: "vault_credentials",
                columns: new[] { "OrganizationId", "IsRetired", "IsFailed", "ExpiresAt" });

            migrationBuilder.CreateIndex(
                name: "IX_vault_credentials_OrganizationId_IsRetired_LastCheckedAt_Id",
                table: "vault_credentials",
                columns: new[] { "OrganizationId", "IsRetired", "LastCheckedAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_vault_credentials_OrganizationId_IsRetired_Name",
                table: "vault_credentials",
                columns: new[] { "OrganizationId", "IsRetired", "Name" });

            migrationBuilder.CreateIndex(
                name: "IX_vault_credentials_OrganizationId_IsRetired_Provider_Name",
                table: "vault_credentials",
                columns: new[] { "OrganizationId", "IsRetired", "Provider", "Name" });

            migrationBuilder.CreateIndex(
                name: "IX_vault_credentials_OrganizationId_Name",
                table: "vault_credentials",
                columns: new[] { "OrganizationId", "Name" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_vault_credentials_OrganizationId_NextRotationAt",
                table: "vault_credentials",
                columns: new[] { "OrganizationId", "NextRotationAt" });

            migrationBuilder.CreateIndex(
                name: "IX_vault_credentials_OrganizationId_ProviderCredentialId",
                table: "vault_credentials",
                columns: new[] { "OrganizationId", "ProviderCredentialId" });

            migrationBuilder.CreateIndex(
                name: "IX_vault_kept_copies_CredentialId",
                table: "vault_kept_copies",
                column: "CredentialId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_vault_kept_copies_DueAt_OrganizationId",
                table: "vault_kept_copies",
                columns: new[] { "DueAt", "OrganizationId" });

            migrationBuilder.CreateIndex(
                name: "IX_vault_n8n_copies_OrganizationId_Id",
                table: "vault_n8n_copies",
                columns: new[] { "OrganizationId", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_vault_n8n_copies_OrganizationId_ProviderCredentialId",
                table: "vault_n8n_copies",
                columns: new[] { "OrganizationId", "ProviderCredentialId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_vault_rotations_CredentialId_Id",
                table: "vault_rotations",
                columns: new[] { "CredentialId", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_vault_rotations_State_DueAt",
                table: "vault_rotations",
                columns: new[] { "State", "DueAt" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "vault_alerts");

            migrationBuilder.DropTable(
                name: "vault_connections");

            migrationBuilder.DropTable(
                name: "vault_credential_totals");

            migrationBuilder.DropTable(
                name: "vault_credential_use_totals");

            migrationBuilder.DropTable(
                name: "vault_credential_uses");

            migrationBuilder.DropTable(
                name: "vault_credential_versions");

            migrationBuilder.DropTable(
                name: "vault_credentials");

            migrationBuilder.DropTable(
                name: "vault_kept_copies");

            migrationBuilder.DropTable(
                name: "vault_n8n_copies");

            migrationBuilder.DropTable(
                name: "vault_rotations");
        }
    }
}
