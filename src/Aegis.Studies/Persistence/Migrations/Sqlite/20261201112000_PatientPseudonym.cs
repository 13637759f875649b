using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Aegis.Studies.Persistence.Migrations.Sqlite
{
    /// <inheritdoc />
    internal sealed partial class PatientPseudonym : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "PatientPseudonym",
                table: "studies_requests",
                type: "TEXT",
                maxLength: 64,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "ShiftKey",
                table: "studies_requests",
                type: "TEXT",
                maxLength: 64,
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "IX_studies_requests_ProviderId_ConsumerId_PatientFingerprint_Id",
                table: "studies_requests",
                columns: new[] { "ProviderId", "ConsumerId", "PatientFingerprint", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_studies_requests_ProviderId_ConsumerId_PatientPseudonym_Id",
                table: "studies_requests",
                columns: new[] { "ProviderId", "ConsumerId", "PatientPseudonym", "Id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_studies_requests_ProviderId_ConsumerId_PatientFingerprint_Id",
                table: "studies_requests");

            migrationBuilder.DropIndex(
                name: "IX_studies_requests_ProviderId_ConsumerId_PatientPseudonym_Id",
                table: "studies_requests");

            migrationBuilder.DropColumn(
                name: "PatientPseudonym",
                table: "studies_requests");

            migrationBuilder.DropColumn(
                name: "ShiftKey",
                table: "studies_requests");
        }
    }
}
