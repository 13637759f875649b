using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Aegis.Studies.Persistence.Migrations.SqlServer
{
    /// <inheritdoc />
    internal sealed partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.EnsureSchema(
                name: "studies");

            migrationBuilder.CreateTable(
                name: "content_tickets",
                schema: "studies",
                columns: table => new
                {
                    Id = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false, collation: "Latin1_General_100_BIN2"),
                    TransferId = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false, collation: "Latin1_General_100_BIN2"),
                    OrganizationId = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false, collation: "Latin1_General_100_BIN2"),
                    CredentialId = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: true, collation: "Latin1_General_100_BIN2"),
                    Subject = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false, collation: "Latin1_General_100_BIN2"),
                    SubjectName = table.Column<string>(type: "nvarchar(200)", maxLength: 200, nullable: false, collation: "Latin1_General_100_BIN2"),
                    IssuedAt = table.Column<long>(type: "bigint", nullable: false),
                    ExpiresAt = table.Column<long>(type: "bigint", nullable: false),
                    EndedAt = table.Column<long>(type: "bigint", nullable: true),
                    RevokedAt = table.Column<long>(type: "bigint", nullable: true),
                    ServedIntervals = table.Column<byte[]>(type: "varbinary(max)", maxLength: 18432, nullable: false),
                    Revision = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_content_tickets", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "requests",
                schema: "studies",
                columns: table => new
                {
                    Id = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false, collation: "Latin1_General_100_BIN2"),
                    ConsumerId = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false, collation: "Latin1_General_100_BIN2"),
                    ProviderId = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false, collation: "Latin1_General_100_BIN2"),
                    Status = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: false, collation: "Latin1_General_100_BIN2"),
                    SealedDetails = table.Column<byte[]>(type: "varbinary(max)", nullable: true),
                    PatientFingerprint = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false, collation: "Latin1_General_100_BIN2"),
                    PurposeOfUse = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: true, collation: "Latin1_General_100_BIN2"),
                    WindowHours = table.Column<int>(type: "int", nullable: false),
                    MaxViews = table.Column<int>(type: "int", nullable: true),
                    DeclineReason = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: true, collation: "Latin1_General_100_BIN2"),
                    SealedNote = table.Column<byte[]>(type: "varbinary(max)", nullable: true),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                    AcceptedAt = table.Column<long>(type: "bigint", nullable: true),
                    ExpiresAt = table.Column<long>(type: "bigint", nullable: false),
                    EndedAt = table.Column<long>(type: "bigint", nullable: true),
                    ShredAt = table.Column<long>(type: "bigint", nullable: true),
                    LeaseOwner = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: true, collation: "Latin1_General_100_BIN2"),
                    LeaseUntil = table.Column<long>(type: "bigint", nullable: true),
                    Result_TransferId = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: true, collation: "Latin1_General_100_BIN2"),
                    Result_DeclaredSha256 = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: true, collation: "Latin1_General_100_BIN2"),
                    Result_Instances = table.Column<int>(type: "int", nullable: true),
                    Result_SizeBytes = table.Column<long>(type: "bigint", nullable: true),
                    Result_Sha256 = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: true, collation: "Latin1_General_100_BIN2"),
                    Result_Warnings = table.Column<string>(type: "nvarchar(1000)", maxLength: 1000, nullable: true, collation: "Latin1_General_100_BIN2"),
                    Revision = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_requests", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "stream_leases",
                schema: "studies",
                columns: table => new
                {
                    Id = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false, collation: "Latin1_General_100_BIN2"),
                    TransferId = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false, collation: "Latin1_General_100_BIN2"),
                    From = table.Column<long>(type: "bigint", nullable: false),
                    To = table.Column<long>(type: "bigint", nullable: false),
                    Granted = table.Column<long>(type: "bigint", nullable: false),
                    Flushed = table.Column<long>(type: "bigint", nullable: false),
                    ExpiresAt = table.Column<long>(type: "bigint", nullable: false),
                    Revision = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_stream_leases", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "transfers",
                schema: "studies",
                columns: table => new
                {
                    Id = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false, collation: "Latin1_General_100_BIN2"),
                    RequestId = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false, collation: "Latin1_General_100_BIN2"),
                    ConsumerId = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false, collation: "Latin1_General_100_BIN2"),
                    ProviderId = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false, collation: "Latin1_General_100_BIN2"),
                    Status = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: false, collation: "Latin1_General_100_BIN2"),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                    WindowStart = table.Column<long>(type: "bigint", nullable: false),
                    WindowEnd = table.Column<long>(type: "bigint", nullable: false),
                    Study_FileName = table.Column<string>(type: "nvarchar(100)", maxLength: 100, nullable: false, collation: "Latin1_General_100_BIN2"),
                    Study_Instances = table.Column<int>(type: "int", nullable: false),
                    Study_PayloadBytes = table.Column<long>(type: "bigint", nullable: false),
                    Study_SizeBytes = table.Column<long>(type: "bigint", nullable: false),
                    Study_Sha256 = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false, collation: "Latin1_General_100_BIN2"),
                    Study_DeclaredSha256 = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false, collation: "Latin1_General_100_BIN2"),
                    Study_KeyDay = table.Column<DateOnly>(type: "date", nullable: false),
                    KeyId = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false, collation: "Latin1_General_100_BIN2"),
                    MaxViews = table.Column<int>(type: "int", nullable: true),
                    Views = table.Column<int>(type: "int", nullable: false),
                    Opens = table.Column<int>(type: "int", nullable: false),
                    OpenedAt = table.Column<long>(type: "bigint", nullable: true),
                    DeliveredAt = table.Column<long>(type: "bigint", nullable: true),
                    ViewCoveredUntil = table.Column<long>(type: "bigint", nullable: true),
                    SuspendedAt = table.Column<long>(type: "bigint", nullable: true),
                    Destruction_Reason = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: true, collation: "Latin1_General_100_BIN2"),
                    Destruction_By = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: true, collation: "Latin1_General_100_BIN2"),
                    Destruction_KeyId = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: true, collation: "Latin1_General_100_BIN2"),
                    Destruction_BeganAt = table.Column<long>(type: "bigint", nullable: true),
                    Destruction_KeyErasedAt = table.Column<long>(type: "bigint", nullable: true),
                    Destruction_BytesDeletedAt = table.Column<long>(type: "bigint", nullable: true),
                    Destruction_CompletedAt = table.Column<long>(type: "bigint", nullable: true),
                    Destruction_AuditEntry = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: true, collation: "Latin1_General_100_BIN2"),
                    DestructionDueAt = table.Column<long>(type: "bigint", nullable: true),
                    Receipt_Instances = table.Column<int>(type: "int", nullable: true),
                    Receipt_Bytes = table.Column<long>(type: "bigint", nullable: true),
                    Receipt_Sha256 = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: true, collation: "Latin1_General_100_BIN2"),
                    Receipt_At = table.Column<long>(type: "bigint", nullable: true),
                    Receipt_AuditEntry = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: true, collation: "Latin1_General_100_BIN2"),
                    Disputed = table.Column<bool>(type: "bit", nullable: false),
                    ReviewDueAt = table.Column<long>(type: "bigint", nullable: true),
                    EgressContestedAt = table.Column<long>(type: "bigint", nullable: true),
                    ConsumerAgreedAt = table.Column<long>(type: "bigint", nullable: true),
                    ProviderAgreedAt = table.Column<long>(type: "bigint", nullable: true),
                    Revision = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_transfers", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "disputes",
                schema: "studies",
                columns: table => new
                {
                    Number = table.Column<int>(type: "int", nullable: false),
                    TransferId = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false, collation: "Latin1_General_100_BIN2"),
                    Ground = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: false, collation: "Latin1_General_100_BIN2"),
                    RaisedBy = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: false, collation: "Latin1_General_100_BIN2"),
                    RaisedAt = table.Column<long>(type: "bigint", nullable: false),
                    ResolvedAt = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_disputes", x => new { x.TransferId, x.Number });
                    table.ForeignKey(
                        name: "FK_disputes_transfers_TransferId",
                        column: x => x.TransferId,
                        principalSchema: "studies",
                        principalTable: "transfers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "meters",
                schema: "studies",
                columns: table => new
                {
                    Id = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false, collation: "Latin1_General_100_BIN2"),
                    ServedIntervals = table.Column<byte[]>(type: "varbinary(max)", maxLength: 18432, nullable: false),
                    Served = table.Column<long>(type: "bigint", nullable: false),
                    Egress = table.Column<long>(type: "bigint", nullable: false),
                    ServedAtMost = table.Column<long>(type: "bigint", nullable: true),
                    EgressAtMost = table.Column<long>(type: "bigint", nullable: true),
                    Revision = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_meters", x => x.Id);
                    table.ForeignKey(
                        name: "FK_meters_transfers_Id",
                        column: x => x.Id,
                        principalSchema: "studies",
                        principalTable: "transfers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "statements",
                schema: "studies",
                columns: table => new
                {
                    TransferId = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false, collation: "Latin1_General_100_BIN2"),
                    Kind = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: false, collation: "Latin1_General_100_BIN2"),
                    Note = table.Column<string>(type: "nvarchar(4000)", maxLength: 4000, nullable: false, collation: "Latin1_General_100_BIN2")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_statements", x => new { x.TransferId, x.Kind });
                    table.ForeignKey(
                        name: "FK_statements_transfers_TransferId",
                        column: x => x.TransferId,
                        principalSchema: "studies",
                        principalTable: "transfers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "study_keys",
                schema: "studies",
                columns: table => new
                {
                    TransferId = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false, collation: "Latin1_General_100_BIN2"),
                    SealedFileKey = table.Column<byte[]>(type: "varbinary(200)", maxLength: 200, nullable: false),
                    SealedMetadata = table.Column<byte[]>(type: "varbinary(max)", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_study_keys", x => x.TransferId);
                    table.ForeignKey(
                        name: "FK_study_keys_transfers_TransferId",
                        column: x => x.TransferId,
                        principalSchema: "studies",
                        principalTable: "transfers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_content_tickets_CredentialId",
                schema: "studies",
                table: "content_tickets",
                column: "CredentialId");

            migrationBuilder.CreateIndex(
                name: "IX_content_tickets_ExpiresAt",
                schema: "studies",
                table: "content_tickets",
                column: "ExpiresAt");

            migrationBuilder.CreateIndex(
                name: "IX_content_tickets_TransferId_IssuedAt",
                schema: "studies",
                table: "content_tickets",
                columns: new[] { "TransferId", "IssuedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_requests_ConsumerId_Id",
                schema: "studies",
                table: "requests",
                columns: new[] { "ConsumerId", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_requests_ConsumerId_Status_Id",
                schema: "studies",
                table: "requests",
                columns: new[] { "ConsumerId", "Status", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_requests_ProviderId_Id",
                schema: "studies",
                table: "requests",
                columns: new[] { "ProviderId", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_requests_ProviderId_Status_Id",
                schema: "studies",
                table: "requests",
                columns: new[] { "ProviderId", "Status", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_requests_ShredAt",
                schema: "studies",
                table: "requests",
                column: "ShredAt");

            migrationBuilder.CreateIndex(
                name: "IX_requests_Status_ExpiresAt",
                schema: "studies",
                table: "requests",
                columns: new[] { "Status", "ExpiresAt" });

            migrationBuilder.CreateIndex(
                name: "IX_stream_leases_TransferId",
                schema: "studies",
                table: "stream_leases",
                column: "TransferId");

            migrationBuilder.CreateIndex(
                name: "IX_transfers_ConsumerId_Status_Id",
                schema: "studies",
                table: "transfers",
                columns: new[] { "ConsumerId", "Status", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_transfers_DestructionDueAt",
                schema: "studies",
                table: "transfers",
                column: "DestructionDueAt");

            migrationBuilder.CreateIndex(
                name: "IX_transfers_ProviderId_Id",
                schema: "studies",
                table: "transfers",
                columns: new[] { "ProviderId", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_transfers_RequestId",
                schema: "studies",
                table: "transfers",
                column: "RequestId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_transfers_ReviewDueAt",
                schema: "studies",
                table: "transfers",
                column: "ReviewDueAt");

            migrationBuilder.CreateIndex(
                name: "IX_transfers_Status_WindowEnd",
                schema: "studies",
                table: "transfers",
                columns: new[] { "Status", "WindowEnd" });

            migrationBuilder.CreateIndex(
                name: "IX_transfers_Study_KeyDay",
                schema: "studies",
                table: "transfers",
                column: "Study_KeyDay");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "content_tickets",
                schema: "studies");

            migrationBuilder.DropTable(
                name: "disputes",
                schema: "studies");

            migrationBuilder.DropTable(
                name: "meters",
                schema: "studies");

            migrationBuilder.DropTable(
                name: "requests",
                schema: "studies");

            migrationBuilder.DropTable(
                name: "statements",
                schema: "studies");

            migrationBuilder.DropTable(
                name: "stream_leases",
                schema: "studies");

            migrationBuilder.DropTable(
                name: "study_keys",
                schema: "studies");

            migrationBuilder.DropTable(
                name: "transfers",
                schema: "studies");
        }
    }
}
