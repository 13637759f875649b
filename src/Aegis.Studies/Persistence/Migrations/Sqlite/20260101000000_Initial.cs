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
                name: "studies_Transfers",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    RequestId = table.Column<string>(type: "TEXT", nullable: false),
                    ConsumerId = table.Column<string>(type: "TEXT", nullable: false),
                    ProviderId = table.Column<string>(type: "TEXT", nullable: false),
                    Status = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Revision = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_studies_Transfers", x => x.Id);
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
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "studies_Transfers");

            migrationBuilder.DropTable(
                name: "studies_requests");
        }
    }
}
