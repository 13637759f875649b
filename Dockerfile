# docker build -t aegis . && docker run -p 8012:8012 -v aegis-data:/data -v aegis-keys:/keys aegis
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY . .
RUN dotnet publish src/Aegis.Host -c Release -o /app -p:AegisStandIns=false

FROM mcr.microsoft.com/dotnet/aspnet:10.0
RUN mkdir /data /keys && chown $APP_UID:$APP_UID /data /keys && chmod 700 /keys
WORKDIR /app
COPY --from=build /app .
USER $APP_UID
ENV DataDirectory=/data \
    Keys__Directory=/keys \
    ASPNETCORE_URLS=http://+:8012 \
    DOTNET_DbgEnableMiniDump=0
EXPOSE 8012
VOLUME ["/data", "/keys"]
ENTRYPOINT ["dotnet", "Aegis.Host.dll"]
