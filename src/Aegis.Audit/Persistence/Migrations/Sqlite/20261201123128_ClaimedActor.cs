using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Aegis.Audit.Persistence.Migrations.Sqlite
{
    /// <inheritdoc />
    internal sealed partial class ClaimedActor : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "OnBehalfOf",
                table: "audit_entry_owners",
                type: "TEXT",
                maxLength: 100,
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "OnBehalfOf",
                table: "audit_entry_owners");
        }
    }
}
