using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Aegis.Vault.Persistence.Migrations.SqlServer
{
    /// <inheritdoc />
    internal sealed partial class RotationStates : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "IsSetConfirmed",
                schema: "vault",
                table: "rotations",
                type: "bit",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<bool>(
                name: "IsUnproven",
                schema: "vault",
                table: "rotations",
                type: "bit",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<long>(
                name: "OldRefusedAt",
                schema: "vault",
                table: "rotations",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "CannotRotate",
                schema: "vault",
                table: "credentials",
                type: "bit",
                nullable: false,
                defaultValue: false);

            migrationBuilder.CreateIndex(
                name: "IX_credentials_OrganizationId_IsRetired_IsFailed_Health_ExpiresAt_AlertsAt",
                schema: "vault",
                table: "credentials",
                columns: new[] { "OrganizationId", "IsRetired", "IsFailed", "Health", "ExpiresAt", "AlertsAt" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_credentials_OrganizationId_IsRetired_IsFailed_Health_ExpiresAt_AlertsAt",
                schema: "vault",
                table: "credentials");

            migrationBuilder.DropColumn(
                name: "IsSetConfirmed",
                schema: "vault",
                table: "rotations");

            migrationBuilder.DropColumn(
                name: "IsUnproven",
                schema: "vault",
                table: "rotations");

            migrationBuilder.DropColumn(
                name: "OldRefusedAt",
                schema: "vault",
                table: "rotations");

            migrationBuilder.DropColumn(
                name: "CannotRotate",
                schema: "vault",
                table: "credentials");
        }
    }
}
