using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Aegis.Studies.Persistence.Migrations.SqlServer
{
    /// <inheritdoc />
    internal sealed partial class ViewRules : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "Continuation_From",
                schema: "studies",
                table: "transfers",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "Continuation_Reach",
                schema: "studies",
                table: "transfers",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "Continuation_To",
                schema: "studies",
                table: "transfers",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "Continuation_Until",
                schema: "studies",
                table: "transfers",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "Frames",
                schema: "studies",
                table: "transfers",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Study_InstancesSha256",
                schema: "studies",
                table: "transfers",
                type: "nvarchar(64)",
                maxLength: 64,
                nullable: true,
                collation: "Latin1_General_100_BIN2");

            migrationBuilder.AddColumn<long>(
                name: "ViewThreshold",
                schema: "studies",
                table: "transfers",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<byte[]>(
                name: "CountedBytes",
                schema: "studies",
                table: "study_keys",
                type: "varbinary(max)",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "Continues",
                schema: "studies",
                table: "stream_leases",
                type: "bit",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<long>(
                name: "RequestedAt",
                schema: "studies",
                table: "stream_leases",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "Result_InstancesBytes",
                schema: "studies",
                table: "requests",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Result_InstancesSha256",
                schema: "studies",
                table: "requests",
                type: "nvarchar(64)",
                maxLength: 64,
                nullable: true,
                collation: "Latin1_General_100_BIN2");

            migrationBuilder.AddColumn<byte[]>(
                name: "ServedAtMostIntervals",
                schema: "studies",
                table: "meters",
                type: "varbinary(max)",
                nullable: true);

            migrationBuilder.AddColumn<byte[]>(
                name: "UncoveredIntervals",
                schema: "studies",
                table: "meters",
                type: "varbinary(max)",
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "Continuation_From",
                schema: "studies",
                table: "transfers");

            migrationBuilder.DropColumn(
                name: "Continuation_Reach",
                schema: "studies",
                table: "transfers");

            migrationBuilder.DropColumn(
                name: "Continuation_To",
                schema: "studies",
                table: "transfers");

            migrationBuilder.DropColumn(
                name: "Continuation_Until",
                schema: "studies",
                table: "transfers");

            migrationBuilder.DropColumn(
                name: "Frames",
                schema: "studies",
                table: "transfers");

            migrationBuilder.DropColumn(
                name: "Study_InstancesSha256",
                schema: "studies",
                table: "transfers");

            migrationBuilder.DropColumn(
                name: "ViewThreshold",
                schema: "studies",
                table: "transfers");

            migrationBuilder.DropColumn(
                name: "CountedBytes",
                schema: "studies",
                table: "study_keys");

            migrationBuilder.DropColumn(
                name: "Continues",
                schema: "studies",
                table: "stream_leases");

            migrationBuilder.DropColumn(
                name: "RequestedAt",
                schema: "studies",
                table: "stream_leases");

            migrationBuilder.DropColumn(
                name: "Result_InstancesBytes",
                schema: "studies",
                table: "requests");

            migrationBuilder.DropColumn(
                name: "Result_InstancesSha256",
                schema: "studies",
                table: "requests");

            migrationBuilder.DropColumn(
                name: "ServedAtMostIntervals",
                schema: "studies",
                table: "meters");

            migrationBuilder.DropColumn(
                name: "UncoveredIntervals",
                schema: "studies",
                table: "meters");
        }
    }
}
