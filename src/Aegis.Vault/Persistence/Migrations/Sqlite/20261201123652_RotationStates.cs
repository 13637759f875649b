using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Aegis.Vault.Persistence.Migrations.Sqlite
{
    /// <inheritdoc />
    internal sealed partial class RotationStates : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "IsSetConfirmed",
                table: "vault_rotations",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<bool>(
                name: "IsUnproven",
                table: "vault_rotations",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<long>(
                name: "OldRefusedAt",
                table: "vault_rotations",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "CannotRotate",
                table: "vault_credentials",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.CreateIndex(
                name: "IX_vault_credentials_OrganizationId_IsRetired_IsFailed_Health_ExpiresAt_AlertsAt",
                table: "vault_credentials",
                columns: new[] { "OrganizationId", "IsRetired", "IsFailed", "Health", "ExpiresAt", "AlertsAt" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_vault_credentials_OrganizationId_IsRetired_IsFailed_Health_ExpiresAt_AlertsAt",
                table: "vault_credentials");

            migrationBuilder.DropColumn(
                name: "IsSetConfirmed",
                table: "vault_rotations");

            migrationBuilder.DropColumn(
                name: "IsUnproven",
                table: "vault_rotations");

            migrationBuilder.DropColumn(
                name: "OldRefusedAt",
                table: "vault_rotations");

            migrationBuilder.DropColumn(
                name: "CannotRotate",
                table: "vault_credentials");
        }
    }
}
