using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Aegis.Studies.Persistence.Migrations.SqlServer
{
    /// <inheritdoc />
    internal sealed partial class PatientPseudonym : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "PatientPseudonym",
                schema: "studies",
                table: "requests",
                type: "nvarchar(64)",
                maxLength: 64,
                nullable: true,
                collation: "Latin1_General_100_BIN2");

            migrationBuilder.AddColumn<string>(
                name: "ShiftKey",
                schema: "studies",
                table: "requests",
                type: "nvarchar(64)",
                maxLength: 64,
                nullable: true,
                collation: "Latin1_General_100_BIN2");

            migrationBuilder.CreateIndex(
                name: "IX_requests_ProviderId_ConsumerId_PatientFingerprint_Id",
                schema: "studies",
                table: "requests",
                columns: new[] { "ProviderId", "ConsumerId", "PatientFingerprint", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_requests_ProviderId_ConsumerId_PatientPseudonym_Id",
                schema: "studies",
                table: "requests",
                columns: new[] { "ProviderId", "ConsumerId", "PatientPseudonym", "Id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_requests_ProviderId_ConsumerId_PatientFingerprint_Id",
                schema: "studies",
                table: "requests");

            migrationBuilder.DropIndex(
                name: "IX_requests_ProviderId_ConsumerId_PatientPseudonym_Id",
                schema: "studies",
                table: "requests");

            migrationBuilder.DropColumn(
                name: "PatientPseudonym",
                schema: "studies",
                table: "requests");

            migrationBuilder.DropColumn(
                name: "ShiftKey",
                schema: "studies",
                table: "requests");
        }
    }
}
