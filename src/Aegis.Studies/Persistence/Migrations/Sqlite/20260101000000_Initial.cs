using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Aegis.Studies.Persistence.Migrations.Sqlite
{
    /// <inheritdoc />
    internal sealed partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "studies_content_tickets",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    TransferId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    OrganizationId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    CredentialId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: true),
                    Subject = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    SubjectName = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    IssuedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    ExpiresAt = table.Column<long>(type: "INTEGER", nullable: false),
                    EndedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    RevokedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    ServedIntervals = table.Column<byte[]>(type: "BLOB", maxLength: 18432, nullable: false),
                    Revision = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_studies_content_tickets", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "studies_requests",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    ConsumerId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    ProviderId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Status = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    SealedDetails = table.Column<byte[]>(type: "BLOB", nullable: true),
                    PatientFingerprint = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    PurposeOfUse = table.Column<string>(type: "TEXT", maxLength: 40, nullable: true),
                    WindowHours = table.Column<int>(type: "INTEGER", nullable: false),
                    MaxViews = table.Column<int>(type: "INTEGER", nullable: true),
                    DeclineReason = table.Column<string>(type: "TEXT", maxLength: 40, nullable: true),
                    SealedNote = table.Column<byte[]>(type: "BLOB", nullable: true),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    AcceptedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    ExpiresAt = table.Column<long>(type: "INTEGER", nullable: false),
                    EndedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    ShredAt = table.Column<long>(type: "INTEGER", nullable: true),
                    LeaseOwner = table.Column<string>(type: "TEXT", maxLength: 64, nullable: true),
                    LeaseUntil = table.Column<long>(type: "INTEGER", nullable: true),
                    Result_TransferId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: true),
                    Result_DeclaredSha256 = table.Column<string>(type: "TEXT", maxLength: 64, nullable: true),
                    Result_Instances = table.Column<int>(type: "INTEGER", nullable: true),
                    Result_SizeBytes = table.Column<long>(type: "INTEGER", nullable: true),
                    Result_Sha256 = table.Column<string>(type: "TEXT", maxLength: 64, nullable: true),
                    Result_Warnings = table.Column<string>(type: "TEXT", maxLength: 1000, nullable: true),
                    Revision = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_studies_requests", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "studies_stream_leases",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    TransferId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    From = table.Column<long>(type: "INTEGER", nullable: false),
                    To = table.Column<long>(type: "INTEGER", nullable: false),
                    Granted = table.Column<long>(type: "INTEGER", nullable: false),
                    Flushed = table.Column<long>(type: "INTEGER", nullable: false),
                    ExpiresAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Revision = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_studies_stream_leases", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "studies_transfers",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    RequestId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    ConsumerId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    ProviderId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Status = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    WindowStart = table.Column<long>(type: "INTEGER", nullable: false),
                    WindowEnd = table.Column<long>(type: "INTEGER", nullable: false),
                    Study_FileName = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    Study_Instances = table.Column<int>(type: "INTEGER", nullable: false),
                    Study_PayloadBytes = table.Column<long>(type: "INTEGER", nullable: false),
                    Study_SizeBytes = table.Column<long>(type: "INTEGER", nullable: false),
                    Study_Sha256 = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Study_DeclaredSha256 = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Study_KeyDay = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    KeyId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    MaxViews = table.Column<int>(type: "INTEGER", nullable: true),
                    Views = table.Column<int>(type: "INTEGER", nullable: false),
                    Opens = table.Column<int>(type: "INTEGER", nullable: false),
                    OpenedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    DeliveredAt = table.Column<long>(type: "INTEGER", nullable: true),
                    ViewCoveredUntil = table.Column<long>(type: "INTEGER", nullable: true),
                    SuspendedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Destruction_Reason = table.Column<string>(type: "TEXT", maxLength: 40, nullable: true),
                    Destruction_By = table.Column<string>(type: "TEXT", maxLength: 40, nullable: true),
                    Destruction_KeyId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: true),
                    Destruction_BeganAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Destruction_KeyErasedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Destruction_BytesDeletedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Destruction_CompletedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Destruction_AuditEntry = table.Column<string>(type: "TEXT", maxLength: 64, nullable: true),
                    DestructionDueAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Receipt_Instances = table.Column<int>(type: "INTEGER", nullable: true),
                    Receipt_Bytes = table.Column<long>(type: "INTEGER", nullable: true),
                    Receipt_Sha256 = table.Column<string>(type: "TEXT", maxLength: 64, nullable: true),
                    Receipt_At = table.Column<long>(type: "INTEGER", nullable: true),
                    Receipt_AuditEntry = table.Column<string>(type: "TEXT", maxLength: 64, nullable: true),
                    Disputed = table.Column<bool>(type: "INTEGER", nullable: false),
                    ReviewDueAt = table.Column<long>(type: "INTEGER", nullable: true),
                    EgressContestedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    ConsumerAgreedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    ProviderAgreedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Revision = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_studies_transfers", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "studies_disputes",
                columns: table => new
                {
                    Number = table.Column<int>(type: "INTEGER", nullable: false),
                    TransferId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Ground = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    RaisedBy = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    RaisedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    ResolvedAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_studies_disputes", x => new { x.TransferId, x.Number });
                    table.ForeignKey(
                        name: "FK_studies_disputes_studies_transfers_TransferId",
                        column: x => x.TransferId,
                        principalTable: "studies_transfers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "studies_meters",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    ServedIntervals = table.Column<byte[]>(type: "BLOB", maxLength: 18432, nullable: false),
                    Served = table.Column<long>(type: "INTEGER", nullable: false),
                    Egress = table.Column<long>(type: "INTEGER", nullable: false),
                    ServedAtMost = table.Column<long>(type: "INTEGER", nullable: true),
                    EgressAtMost = table.Column<long>(type: "INTEGER", nullable: true),
                    Revision = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_studies_meters", x => x.Id);
                    table.ForeignKey(
                        name: "FK_studies_meters_studies_transfers_Id",
                        column: x => x.Id,
                        principalTable: "studies_transfers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "studies_statements",
                columns: table => new
                {
                    TransferId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Kind = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Note = table.Column<string>(type: "TEXT", maxLength: 4000, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_studies_statements", x => new { x.TransferId, x.Kind });
                    table.ForeignKey(
                        name: "FK_studies_statements_studies_transfers_TransferId",
                        column: x => x.TransferId,
                        principalTable: "studies_transfers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "studies_study_keys",
                columns: table => new
                {
                    TransferId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    SealedFileKey = table.Column<byte[]>(type: "BLOB", maxLength: 200, nullable: false),
                    SealedMetadata = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_studies_study_keys", x => x.TransferId);
                    table.ForeignKey(
                        name: "FK_studies_study_keys_studies_transfers_TransferId",
                        column: x => x.TransferId,
                        principalTable: "studies_transfers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_studies_content_tickets_CredentialId",
                table: "studies_content_tickets",
                column: "CredentialId");

            migrationBuilder.CreateIndex(
                name: "IX_studies_content_tickets_ExpiresAt",
                table: "studies_content_tickets",
                column: "ExpiresAt");

            migrationBuilder.CreateIndex(
                name: "IX_studies_content_tickets_TransferId_IssuedAt",
                table: "studies_content_tickets",
                columns: new[] { "TransferId", "IssuedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_studies_requests_ConsumerId_Id",
                table: "studies_requests",
                columns: new[] { "ConsumerId", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_studies_requests_ConsumerId_Status_Id",
                table: "studies_requests",
                columns: new[] { "ConsumerId", "Status", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_studies_requests_ProviderId_Id",
                table: "studies_requests",
                columns: new[] { "ProviderId", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_studies_requests_ProviderId_Status_Id",
                table: "studies_requests",
                columns: new[] { "ProviderId", "Status", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_studies_requests_ShredAt",
                table: "studies_requests",
                column: "ShredAt");

            migrationBuilder.CreateIndex(
                name: "IX_studies_requests_Status_ExpiresAt",
                table: "studies_requests",
                columns: new[] { "Status", "ExpiresAt" });

            migrationBuilder.CreateIndex(
                name: "IX_studies_stream_leases_TransferId",
                table: "studies_stream_leases",
                column: "TransferId");

            migrationBuilder.CreateIndex(
                name: "IX_studies_transfers_ConsumerId_Status_Id",
                table: "studies_transfers",
                columns: new[] { "ConsumerId", "Status", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_studies_transfers_DestructionDueAt",
                table: "studies_transfers",
                column: "DestructionDueAt");

            migrationBuilder.CreateIndex(
                name: "IX_studies_transfers_ProviderId_Id",
                table: "studies_transfers",
                columns: new[] { "ProviderId", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_studies_transfers_RequestId",
                table: "studies_transfers",
                column: "RequestId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_studies_transfers_ReviewDueAt",
                table: "studies_transfers",
                column: "ReviewDueAt");

            migrationBuilder.CreateIndex(
                name: "IX_studies_transfers_Status_WindowEnd",
                table: "studies_transfers",
                columns: new[] { "Status", "WindowEnd" });

            migrationBuilder.CreateIndex(
                name: "IX_studies_transfers_Study_KeyDay",
                table: "studies_transfers",
                column: "Study_KeyDay");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "studies_content_tickets");

            migrationBuilder.DropTable(
                name: "studies_disputes");

            migrationBuilder.DropTable(
                name: "studies_meters");

            migrationBuilder.DropTable(
                name: "studies_requests");

            migrationBuilder.DropTable(
                name: "studies_statements");

            migrationBuilder.DropTable(
                name: "studies_stream_leases");

            migrationBuilder.DropTable(
                name: "studies_study_keys");

            migrationBuilder.DropTable(
                name: "studies_transfers");
        }
    }
}
