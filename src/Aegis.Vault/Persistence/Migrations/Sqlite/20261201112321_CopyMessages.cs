using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Aegis.Vault.Persistence.Migrations.Sqlite
{
    /// <inheritdoc />
    internal sealed partial class CopyMessages : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "ErrorMessage",
                table: "vault_kept_copies",
                type: "TEXT",
                maxLength: 1000,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "FilledMembers",
                table: "vault_kept_copies",
                type: "TEXT",
                maxLength: 1000,
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "ErrorMessage",
                table: "vault_kept_copies");

            migrationBuilder.DropColumn(
                name: "FilledMembers",
                table: "vault_kept_copies");
        }
    }
}
