using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Aegis.Audit.Persistence.Migrations.SqlServer
{
    /// <inheritdoc />
    internal sealed partial class ClaimedActor : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "OnBehalfOf",
                schema: "audit",
                table: "entry_owners",
                type: "nvarchar(100)",
                maxLength: 100,
                nullable: true,
                collation: "Latin1_General_100_BIN2");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "OnBehalfOf",
                schema: "audit",
                table: "entry_owners");
        }
    }
}
