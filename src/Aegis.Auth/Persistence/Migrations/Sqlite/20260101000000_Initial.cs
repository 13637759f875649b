using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Aegis.Auth.Persistence.Migrations.Sqlite
{
    /// <inheritdoc />
    internal sealed partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "auth_api_keys",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    PublicId = table.Column<string>(type: "TEXT", maxLength: 12, nullable: false),
                    Mac = table.Column<byte[]>(type: "BLOB", maxLength: 32, nullable: false),
                    PepperVersion = table.Column<int>(type: "INTEGER", nullable: false),
                    IsTest = table.Column<bool>(type: "INTEGER", nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    OrganizationId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    UserId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Scopes = table.Column<string>(type: "TEXT", maxLength: 4000, nullable: false),
                    Partners = table.Column<string>(type: "TEXT", maxLength: 4000, nullable: true),
                    ParentId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: true),
                    IsMadeByPerson = table.Column<bool>(type: "INTEGER", nullable: false),
                    Depth = table.Column<int>(type: "INTEGER", nullable: false),
                    Children = table.Column<int>(type: "INTEGER", nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    ExpiresAt = table.Column<long>(type: "INTEGER", nullable: true),
                    RevokedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    ReplacedBy = table.Column<string>(type: "TEXT", maxLength: 64, nullable: true),
                    ExposedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    LastUsedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    LastUsedFrom = table.Column<string>(type: "TEXT", maxLength: 45, nullable: true),
                    LastUsedBy = table.Column<string>(type: "TEXT", maxLength: 200, nullable: true),
                    Revision = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_auth_api_keys", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "auth_applications",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Status = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    OrganizationName = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    WantsProvider = table.Column<bool>(type: "INTEGER", nullable: false),
                    WantsConsumer = table.Column<bool>(type: "INTEGER", nullable: false),
                    State = table.Column<string>(type: "TEXT", maxLength: 2, nullable: false),
                    PartnerId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: true),
                    PartnerName = table.Column<string>(type: "TEXT", maxLength: 200, nullable: true),
                    SealedApplicant = table.Column<byte[]>(type: "BLOB", maxLength: 4000, nullable: false),
                    StatusTokenHash = table.Column<byte[]>(type: "BLOB", maxLength: 32, nullable: false),
                    SubmittedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    DecidedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    RejectionReason = table.Column<string>(type: "TEXT", maxLength: 40, nullable: true),
                    Note = table.Column<string>(type: "TEXT", maxLength: 500, nullable: true),
                    ShredAt = table.Column<long>(type: "INTEGER", nullable: true),
                    ShreddedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    OrganizationId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: true),
                    Baa_Sha256 = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Baa_SignedOn = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    Baa_ValidUntil = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    Revision = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_auth_applications", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "auth_claims",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    ApplicationId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    OrganizationId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    UserId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    TokenHash = table.Column<byte[]>(type: "BLOB", maxLength: 32, nullable: false),
                    ExpiresAt = table.Column<long>(type: "INTEGER", nullable: false),
                    RedeemedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    KeyId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: true),
                    Revision = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_auth_claims", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "auth_device_grants",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    DeviceCodeHash = table.Column<byte[]>(type: "BLOB", maxLength: 32, nullable: false),
                    UserCodeHash = table.Column<byte[]>(type: "BLOB", maxLength: 32, nullable: false),
                    Client = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Scopes = table.Column<string>(type: "TEXT", maxLength: 4000, nullable: true),
                    OpenId = table.Column<bool>(type: "INTEGER", nullable: false),
                    Address = table.Column<string>(type: "TEXT", maxLength: 45, nullable: true),
                    Agent = table.Column<string>(type: "TEXT", maxLength: 200, nullable: true),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    ExpiresAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Interval = table.Column<int>(type: "INTEGER", nullable: false),
                    LastPolledAt = table.Column<long>(type: "INTEGER", nullable: true),
                    UserId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: true),
                    ApprovedWith = table.Column<string>(type: "TEXT", maxLength: 64, nullable: true),
                    DeniedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    SessionId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: true),
                    RedeemedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Revision = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_auth_device_grants", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "auth_epoch",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", maxLength: 16, nullable: false),
                    Number = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_auth_epoch", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "auth_external_identities",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Issuer = table.Column<string>(type: "TEXT", maxLength: 255, nullable: false),
                    Subject = table.Column<string>(type: "TEXT", maxLength: 255, nullable: false),
                    UserId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    LinkedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Revision = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_auth_external_identities", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "auth_invitations",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    OrganizationId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    UserId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    TokenHash = table.Column<byte[]>(type: "BLOB", maxLength: 32, nullable: false),
                    ExpiresAt = table.Column<long>(type: "INTEGER", nullable: false),
                    AcceptedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Revision = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_auth_invitations", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "auth_letters",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Kind = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    SubjectId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    UserId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: true),
                    OrganizationId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    SealedContent = table.Column<byte[]>(type: "BLOB", maxLength: 8000, nullable: false),
                    DueAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Attempts = table.Column<int>(type: "INTEGER", nullable: false),
                    Revision = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_auth_letters", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "auth_nobody",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", maxLength: 16, nullable: false),
                    Writes = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_auth_nobody", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "auth_nodes",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Acknowledged = table.Column<long>(type: "INTEGER", nullable: false),
                    MarkedAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_auth_nodes", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "auth_organizations",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    IsProvider = table.Column<bool>(type: "INTEGER", nullable: false),
                    IsConsumer = table.Column<bool>(type: "INTEGER", nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    ClosedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Revision = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_auth_organizations", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "auth_partnerships",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    ConsumerBaaUntil = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    ProviderBaaUntil = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    BaaUntil = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    WarnedDays = table.Column<int>(type: "INTEGER", nullable: false),
                    ConsumerId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    ProviderId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Status = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    ProposedBy = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    SuspendedBy = table.Column<string>(type: "TEXT", maxLength: 64, nullable: true),
                    SuspensionReason = table.Column<string>(type: "TEXT", maxLength: 40, nullable: true),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Deidentification_CleanDescriptors = table.Column<bool>(type: "INTEGER", nullable: false),
                    Deidentification_Dates = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Deidentification_RetainDevice = table.Column<bool>(type: "INTEGER", nullable: false),
                    Deidentification_RetainInstitution = table.Column<bool>(type: "INTEGER", nullable: false),
                    Deidentification_RetainPatientCharacteristics = table.Column<bool>(type: "INTEGER", nullable: false),
                    Deidentification_RetainSafePrivate = table.Column<bool>(type: "INTEGER", nullable: false),
                    Deidentification_RetainUids = table.Column<bool>(type: "INTEGER", nullable: false),
                    Revision = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_auth_partnerships", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "auth_passkeys",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    UserId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    OrganizationId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    CredentialId = table.Column<string>(type: "TEXT", maxLength: 800, nullable: false),
                    PublicKey = table.Column<byte[]>(type: "BLOB", maxLength: 1000, nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    SignCount = table.Column<long>(type: "INTEGER", nullable: false),
                    Transports = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    IsUserVerified = table.Column<bool>(type: "INTEGER", nullable: false),
                    IsBackupEligible = table.Column<bool>(type: "INTEGER", nullable: false),
                    IsBackedUp = table.Column<bool>(type: "INTEGER", nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    LastUsedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Revision = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_auth_passkeys", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "auth_protection_keys",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    SealedXml = table.Column<byte[]>(type: "BLOB", maxLength: 8000, nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_auth_protection_keys", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "auth_refresh_families",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    OrganizationId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    UserId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Client = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Scopes = table.Column<string>(type: "TEXT", maxLength: 4000, nullable: true),
                    OpenId = table.Column<bool>(type: "INTEGER", nullable: false),
                    SealedSeed = table.Column<byte[]>(type: "BLOB", maxLength: 300, nullable: false),
                    Current = table.Column<int>(type: "INTEGER", nullable: false),
                    CurrentSince = table.Column<long>(type: "INTEGER", nullable: false),
                    ExpiresAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Revision = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_auth_refresh_families", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "auth_sessions",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    OrganizationId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    UserId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    KeyId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: true),
                    Client = table.Column<string>(type: "TEXT", maxLength: 64, nullable: true),
                    AuthMethod = table.Column<string>(type: "TEXT", maxLength: 64, nullable: true),
                    SealedFacts = table.Column<byte[]>(type: "BLOB", maxLength: 4000, nullable: false),
                    RiskScore = table.Column<int>(type: "INTEGER", nullable: false),
                    RiskReasons = table.Column<string>(type: "TEXT", maxLength: 400, nullable: false),
                    StepUpRequired = table.Column<bool>(type: "INTEGER", nullable: false),
                    SteppedUpAt = table.Column<long>(type: "INTEGER", nullable: true),
                    ProvedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    ExpiresAt = table.Column<long>(type: "INTEGER", nullable: false),
                    EndedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Revision = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_auth_sessions", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "auth_sightings",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    UserId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Device = table.Column<string>(type: "TEXT", maxLength: 64, nullable: true),
                    SealedFacts = table.Column<byte[]>(type: "BLOB", maxLength: 4000, nullable: false),
                    FirstSeenAt = table.Column<long>(type: "INTEGER", nullable: false),
                    LastSeenAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_auth_sightings", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "auth_signing_keys",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Number = table.Column<int>(type: "INTEGER", nullable: false),
                    PublicKey = table.Column<byte[]>(type: "BLOB", maxLength: 200, nullable: false),
                    SealedPrivateKey = table.Column<byte[]>(type: "BLOB", maxLength: 1000, nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    SignsFrom = table.Column<long>(type: "INTEGER", nullable: false),
                    RetiredAt = table.Column<long>(type: "INTEGER", nullable: false),
                    ExpiresAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Revision = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_auth_signing_keys", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "auth_standing_changes",
                columns: table => new
                {
                    Number = table.Column<long>(type: "INTEGER", nullable: false),
                    Subjects = table.Column<string>(type: "TEXT", maxLength: 4000, nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_auth_standing_changes", x => x.Number);
                });

            migrationBuilder.CreateTable(
                name: "auth_totp_enrolments",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    OrganizationId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    UserId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    SealedSecret = table.Column<byte[]>(type: "BLOB", maxLength: 300, nullable: true),
                    SealedPending = table.Column<byte[]>(type: "BLOB", maxLength: 300, nullable: true),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    ConfirmedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    ConfirmedWith = table.Column<string>(type: "TEXT", maxLength: 64, nullable: true),
                    LastStep = table.Column<long>(type: "INTEGER", nullable: false),
                    Failures = table.Column<int>(type: "INTEGER", nullable: false),
                    LastFailureAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Revision = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_auth_totp_enrolments", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "auth_users",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    OrganizationId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Email = table.Column<string>(type: "TEXT", maxLength: 254, nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    Role = table.Column<string>(type: "TEXT", maxLength: 40, nullable: true),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    PasswordHash = table.Column<string>(type: "TEXT", maxLength: 256, nullable: true),
                    AccessFailedCount = table.Column<int>(type: "INTEGER", nullable: false),
                    LockoutEnd = table.Column<long>(type: "INTEGER", nullable: true),
                    DisabledAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Revision = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_auth_users", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "auth_wrong_secrets",
                columns: table => new
                {
                    UserId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Count = table.Column<int>(type: "INTEGER", nullable: false),
                    LastAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_auth_wrong_secrets", x => x.UserId);
                });

            migrationBuilder.InsertData(
                table: "auth_epoch",
                columns: new[] { "Id", "Number" },
                values: new object[] { "epoch", 0L });

            migrationBuilder.InsertData(
                table: "auth_nobody",
                columns: new[] { "Id", "Writes" },
                values: new object[] { "nobody", 0L });

            migrationBuilder.CreateIndex(
                name: "IX_auth_api_keys_OrganizationId_Id",
                table: "auth_api_keys",
                columns: new[] { "OrganizationId", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_auth_api_keys_ParentId",
                table: "auth_api_keys",
                column: "ParentId");

            migrationBuilder.CreateIndex(
                name: "IX_auth_api_keys_PublicId",
                table: "auth_api_keys",
                column: "PublicId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_auth_api_keys_UserId_Id",
                table: "auth_api_keys",
                columns: new[] { "UserId", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_auth_applications_ShredAt",
                table: "auth_applications",
                column: "ShredAt");

            migrationBuilder.CreateIndex(
                name: "IX_auth_applications_Status_Id",
                table: "auth_applications",
                columns: new[] { "Status", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_auth_claims_ApplicationId",
                table: "auth_claims",
                column: "ApplicationId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_auth_claims_TokenHash",
                table: "auth_claims",
                column: "TokenHash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_auth_device_grants_DeviceCodeHash",
                table: "auth_device_grants",
                column: "DeviceCodeHash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_auth_device_grants_ExpiresAt",
                table: "auth_device_grants",
                column: "ExpiresAt");

            migrationBuilder.CreateIndex(
                name: "IX_auth_device_grants_UserCodeHash",
                table: "auth_device_grants",
                column: "UserCodeHash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_auth_external_identities_Issuer_Subject",
                table: "auth_external_identities",
                columns: new[] { "Issuer", "Subject" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_auth_external_identities_UserId",
                table: "auth_external_identities",
                column: "UserId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_auth_invitations_TokenHash",
                table: "auth_invitations",
                column: "TokenHash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_auth_invitations_UserId",
                table: "auth_invitations",
                column: "UserId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_auth_letters_DueAt",
                table: "auth_letters",
                column: "DueAt");

            migrationBuilder.CreateIndex(
                name: "IX_auth_letters_SubjectId",
                table: "auth_letters",
                column: "SubjectId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_auth_partnerships_ConsumerId_ProviderId",
                table: "auth_partnerships",
                columns: new[] { "ConsumerId", "ProviderId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_auth_partnerships_ProviderId",
                table: "auth_partnerships",
                column: "ProviderId");

            migrationBuilder.CreateIndex(
                name: "IX_auth_partnerships_Status_BaaUntil",
                table: "auth_partnerships",
                columns: new[] { "Status", "BaaUntil" });

            migrationBuilder.CreateIndex(
                name: "IX_auth_passkeys_CredentialId",
                table: "auth_passkeys",
                column: "CredentialId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_auth_passkeys_UserId",
                table: "auth_passkeys",
                column: "UserId");

            migrationBuilder.CreateIndex(
                name: "IX_auth_refresh_families_ExpiresAt",
                table: "auth_refresh_families",
                column: "ExpiresAt");

            migrationBuilder.CreateIndex(
                name: "IX_auth_sessions_ExpiresAt",
                table: "auth_sessions",
                column: "ExpiresAt");

            migrationBuilder.CreateIndex(
                name: "IX_auth_sessions_UserId_Id",
                table: "auth_sessions",
                columns: new[] { "UserId", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_auth_sightings_LastSeenAt",
                table: "auth_sightings",
                column: "LastSeenAt");

            migrationBuilder.CreateIndex(
                name: "IX_auth_sightings_UserId_LastSeenAt",
                table: "auth_sightings",
                columns: new[] { "UserId", "LastSeenAt" });

            migrationBuilder.CreateIndex(
                name: "IX_auth_signing_keys_Number",
                table: "auth_signing_keys",
                column: "Number",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_auth_standing_changes_At",
                table: "auth_standing_changes",
                column: "At");

            migrationBuilder.CreateIndex(
                name: "IX_auth_totp_enrolments_UserId",
                table: "auth_totp_enrolments",
                column: "UserId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_auth_users_Email",
                table: "auth_users",
                column: "Email",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_auth_users_OrganizationId",
                table: "auth_users",
                column: "OrganizationId");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "auth_api_keys");

            migrationBuilder.DropTable(
                name: "auth_applications");

            migrationBuilder.DropTable(
                name: "auth_claims");

            migrationBuilder.DropTable(
                name: "auth_device_grants");

            migrationBuilder.DropTable(
                name: "auth_epoch");

            migrationBuilder.DropTable(
                name: "auth_external_identities");

            migrationBuilder.DropTable(
                name: "auth_invitations");

            migrationBuilder.DropTable(
                name: "auth_letters");

            migrationBuilder.DropTable(
                name: "auth_nobody");

            migrationBuilder.DropTable(
                name: "auth_nodes");

            migrationBuilder.DropTable(
                name: "auth_organizations");

            migrationBuilder.DropTable(
                name: "auth_partnerships");

            migrationBuilder.DropTable(
                name: "auth_passkeys");

            migrationBuilder.DropTable(
                name: "auth_protection_keys");

            migrationBuilder.DropTable(
                name: "auth_refresh_families");

            migrationBuilder.DropTable(
                name: "auth_sessions");

            migrationBuilder.DropTable(
                name: "auth_sightings");

            migrationBuilder.DropTable(
                name: "auth_signing_keys");

            migrationBuilder.DropTable(
                name: "auth_standing_changes");

            migrationBuilder.DropTable(
                name: "auth_totp_enrolments");

            migrationBuilder.DropTable(
                name: "auth_users");

            migrationBuilder.DropTable(
                name: "auth_wrong_secrets");
        }
    }
}
